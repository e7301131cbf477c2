import { describe, expect, it } from 'vitest'
import { type Reason, reasonIn, reasonOf, reasons } from '../../runtime/reasons.ts'

const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()

describe('a reason why something was not done', () => {
  it.each(Object.entries(reasons))(
    '`%s` is found again from its English, and names the same in Polish',
    (reason, texts) => {
      const [english, polish] = texts
      expect(names(polish)).toEqual(names(english))
      const parts = Object.fromEntries(names(english).map((name) => [name.slice(1, -1), 'some.thing (1)']))
      const kept = reasonOf(reason as Reason, parts)
      expect(reasonIn('en', kept)).toBe(kept)
      expect(reasonIn('pl', kept)).toBe(polish.replace(/\{\w+\}/g, 'some.thing (1)'))
    },
  )

  it('is read with the reason within it', () => {
    const because = reasonOf('mailAnswered', { answer: '550 no such user' })
    const letter = reasonOf('letterNotSent', { letter: 'ask_consent', because })
    expect(reasonIn('pl', letter)).toBe(
      'list `ask_consent` nie został wysłany: serwer poczty odpowiedział: 550 no such user',
    )
    const call = reasonOf('callFailed', { webhook: 'erp', because: reasonOf('redirected', { status: 302 }) })
    expect(reasonIn('pl', call)).toMatch(/^webhook `erp`: odpowiada 302, czyli przekierowaniem/)
  })

  it('stays as it is where it is none of ours', () => {
    for (const because of ['', 'answered', 'the price is missing']) expect(reasonIn('pl', because)).toBe(because)
  })
})
