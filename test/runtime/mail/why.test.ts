import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type WhyCode, whyInWords } from '../../../runtime/mail/why.ts'

const source = readFileSync(new URL('../../../runtime/mail/why.ts', import.meta.url), 'utf8')
const table = source.slice(source.indexOf('const sentences'), source.indexOf('} as const satisfies'))
const codes = [...table.matchAll(/^ {2}'?([a-zA-Z-]+)'?: \[/gm)].map((match) => match[1] as WhyCode)

it('has every reason in both languages, with the same gaps to fill', () => {
  expect(codes.length).toBeGreaterThan(50)
  for (const code of codes) {
    const why = { code, name: 'NAME', of: { code: 'dkim' } } as const
    const [english, polish] = [whyInWords(why, 'en'), whyInWords(why, 'pl')]
    expect(english.includes('NAME'), code).toBe(polish.includes('NAME'))
    expect(english.includes('DKIM'), code).toBe(polish.includes('DKIM'))
    expect(`${english}${polish}`).not.toMatch(/\$\d|@/)
    if (code !== 'spam') expect(english).not.toBe(polish)
  }
})

it('puts one reason into another', () => {
  const why = { code: 'counts', name: 'ask', of: { code: 'serverFinds', of: { code: 'spf' } } } as const
  expect(whyInWords(why, 'pl')).toBe(
    'To odpowiedź na nasz list `ask` z adresu tego klienta, a nasz serwer poczty stwierdza, że przyszła z serwera domeny nadawcy (SPF).',
  )
})
