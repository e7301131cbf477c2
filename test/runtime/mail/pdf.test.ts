import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pdf } from '../../../runtime/mail/pdf.ts'

/** The characters that a PDF's fonts map their glyphs to (the ToUnicode maps, PDF 32000 §9.10.3). */
function characters(file: Buffer): Set<string> {
  const found = new Set<string>()
  const text = file.toString('latin1')
  for (const match of text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)) {
    let map = ''
    try {
      map = inflateSync(Buffer.from(match[1] ?? '', 'latin1')).toString('latin1')
    } catch {
      continue
    }
    if (!map.includes('beginbfrange')) continue
    // Glyph 0 is the empty box that stands for a missing letter: the first entry, and none of the rest.
    for (const code of [...map.matchAll(/<([0-9a-f]{4})>/g)].map((hex) => hex[1] ?? '')) {
      found.add(String.fromCharCode(Number.parseInt(code, 16)))
    }
  }
  return found
}

const polish = 'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ'

describe('a document as PDF', () => {
  it('prints Polish letters in each style, its fonts embedded', async () => {
    const file = await pdf({
      title: 'Umowa',
      language: 'pl',
      markdown: `# ${polish}\n\nZwykłe *${polish}* ***${polish}***`,
    })
    const found = characters(file)
    expect([...polish].filter((letter) => !found.has(letter))).toEqual([])
    const fonts = file.toString('latin1').match(/\/FontFile2/g)
    expect(fonts?.length).toBe(4)
    expect(file.subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('is the same for the same input', async () => {
    const input = {
      title: 'Agreement',
      language: 'en',
      markdown:
        '# Agreement\n\n- one\n  - two\n\n1. first\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n`code`',
    }
    expect((await pdf(input)).equals(await pdf(input))).toBe(true)
  })

  it('goes over to further pages, and takes an empty text', async () => {
    const long = await pdf({ title: 'Long', language: 'en', markdown: 'A paragraph of words.\n\n'.repeat(200) })
    expect(/\/Count (\d+)/.exec(long.toString('latin1'))?.[1]).not.toBe('1')
    expect((await pdf({ title: 'Empty', language: 'en', markdown: '' })).length).toBeGreaterThan(500)
  })

  it('reads no file and no address that a template names', async () => {
    const file = await pdf({ title: 'x', language: 'en', markdown: '![x](/etc/passwd) ![y](http://127.0.0.1:1/y.png)' })
    expect(file.length).toBeGreaterThan(500)
  })
})
