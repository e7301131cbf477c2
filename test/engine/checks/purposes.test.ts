import { describe, expect, it } from 'vitest'
import { hardToRead } from '../../../engine/checks/plain-language.ts'
import { placesOf, saidBy } from './found.ts'

const purpose = (text: string, more = 'basis contract') => `purpose delivery "Deliver" { ${more}\n ${text} }`
const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ')

describe('what a purpose says (Z413)', () => {
  it('is told where it says nothing', () => {
    expect(placesOf('Z413', purpose(''))).toEqual(['purpose delivery "Deliver" { basis contract'])
  })

  it('is not told where it says something in one language', () => {
    expect(saidBy('Z413', purpose('text pl "Używamy."'))).toEqual([])
  })
})

describe('a text that is hard to read (Z414)', () => {
  const of = (text: string) => saidBy('Z414', purpose(`text "${text}"`))

  it('is told of its length', () => {
    const sentence = 'We use your address to bring the flowers. '
    expect(of(sentence.repeat(15))[0]).toBe('the text of `delivery` (en) is hard to read: it has 629 characters')
    expect(of(sentence.repeat(14))).toEqual([])
  })

  it('is told of a sentence of more than 30 words, and how it begins', () => {
    const short = 'We ask. We bring. We go. '
    expect(of(`${short}${words(31)}.`)).toEqual([
      'the text of `delivery` (en) is hard to read: a sentence has 31 words (“word0 word1 word2 word3 …”)',
    ])
    expect(of(`${short}${words(30)}.`)).toEqual([])
  })

  it('is told of sentences of more than 22 words on average', () => {
    expect(of(`${words(25)}. ${words(21)}.`)).toEqual([
      'the text of `delivery` (en) is hard to read: its sentences have 23 words on average',
    ])
    expect(of(`${words(25)}. ${words(19)}.`)).toEqual([])
  })

  it('takes an item of a list for a sentence', () => {
    expect(of(`We use:\\n- ${words(15)}\\n- ${words(15)}\\n- ${words(15)}`)).toEqual([])
  })

  it.each([
    'Pursuant to',
    'hereinafter',
    'the aforementioned data',
    'the data subject',
    'our legitimate interests pursued',
    'In accordance with Article 6',
    'on Art. 6(1)(a)',
    'notwithstanding',
    'dane osoby, której dane dotyczą',
    'w rozumieniu przepisów',
    'na podstawie art. 6 ust. 1',
    'niniejszym',
    'dla podmiotu danych',
    'prawnie uzasadniony interes',
    'o którym mowa',
    'zwany dalej klientem',
  ])('is told of the language of lawyers: %s', (phrase) => {
    expect(of(`We use it, ${phrase}, for that.`)).toEqual([expect.stringContaining('lawyers')])
    expect(of(`We use it,\\n  ${phrase.replace(/ /g, '   ')}, for that.`)).toHaveLength(1)
  })

  it.each([
    'We print articles about flowers, and show works of art to 24 people.',
    'Where in the world are you? Wherever you are, we bring them there in time.',
    'The subject of our data is flowers. In accordance with your wish we bring them.',
    'Podstawą jest umowa: na podstawie zdjęcia wybierzemy kwiaty.',
  ])('is not told of common words: %s', (text) => {
    expect(of(text)).toEqual([])
  })

  it('is told for each language by itself', () => {
    expect(saidBy('Z414', purpose('text "Pursuant to it." pl "Niniejszym bierzemy."'))).toEqual([
      expect.stringContaining('(en)'),
      expect.stringContaining('(pl)'),
    ])
  })

  it('names everything at once', () => {
    expect(of(`Hereby ${words(31)} notwithstanding.`)).toEqual([
      expect.stringMatching(/33 words .*“Hereby”.*“notwithstanding”/),
    ])
  })

  it.each(['\n', ' ', '.', '. ', '*', 'na ', '.*', '.\n', 'art', '- '])(
    'is found soon, however odd the text: %j',
    (odd) => {
      const begun = performance.now()
      hardToRead(`We use it ${odd.repeat(100_000)} for you`)
      expect(performance.now() - begun).toBeLessThan(1000)
    },
  )
})

describe('consent asked of employees (Z416)', () => {
  it.each(['consent', 'explicit consent'])('is told on the basis `%s`', (basis) => {
    expect(saidBy('Z416', purpose('text "We ask."', `basis ${basis}\n about employees`))).toHaveLength(1)
  })

  it('is not told of clients, nor on another basis', () => {
    expect(saidBy('Z416', purpose('text "We ask."', 'basis consent'))).toEqual([])
    expect(saidBy('Z416', purpose('text "We ask."', 'basis contract\n about employees'))).toEqual([])
  })
})
