import { describe, expect, it } from 'vitest'
import type { WrittenWorkspace } from '../../dsl/language-service/index.ts'
import { lex } from '../../dsl/text/lexer.ts'
import { Word } from '../../dsl/text/tokens.ts'
import { everyKind, florist, workspaceOf } from './written-workspace.ts'

const workspace = workspaceOf(everyKind)
const { symbols } = workspace.analysis

/** How often a meaning is declared and mentioned in each file. */
function counts(kind: string, name: string, of?: string) {
  const meaning = symbols.meanings.find((each) => each.kind === kind && each.name === name && each.of === of)
  const found: Record<string, number> = {}
  for (const { file } of meaning ? symbols.occurrences(meaning) : []) found[file] = (found[file] ?? 0) + 1
  return found
}

describe('what names stand for', () => {
  it('is sound ground for these tests', () => {
    expect(workspace.analysis.problems).toEqual([])
  })

  it.each([
    ['role', 'clerk', undefined, { 'a.zgoda': 8, 'b.yaml': 2 }],
    ['purpose', 'news', undefined, { 'a.zgoda': 8, 'b.yaml': 1 }],
    ['purpose', 'shipping', undefined, { 'a.zgoda': 4 }],
    ['letter', 'hello', undefined, { 'a.zgoda': 4 }],
    ['document', 'bill', undefined, { 'a.zgoda': 3 }],
    ['webhook', 'carrier', undefined, { 'a.zgoda': 2 }],
    ['table', 'postage', undefined, { 'a.zgoda': 2, 'b.yaml': 1 }],
    ['form', 'begin', undefined, { 'a.zgoda': 2 }],
    ['process', 'parcel', undefined, { 'a.zgoda': 3, 'b.yaml': 1 }],
    ['process', 'complaint', undefined, { 'b.yaml': 2 }],
    ['input', 'kilos', 'postage', { 'a.zgoda': 3 }],
    ['input', 'land', 'postage', { 'a.zgoda': 2 }],
    ['field', 'weight', 'parcel', { 'a.zgoda': 18, 'b.yaml': 1 }],
    ['field', 'weight', 'complaint', { 'a.zgoda': 5, 'b.yaml': 6 }],
    ['field', 'land', 'parcel', { 'a.zgoda': 3, 'b.yaml': 1 }],
    ['field', 'other', 'parcel', { 'a.zgoda': 3 }],
    ['field', 'helper', 'parcel', { 'a.zgoda': 2 }],
    ['stage', 'packed', 'parcel', { 'a.zgoda': 2 }],
    ['stage', 'sent', 'parcel', { 'a.zgoda': 6 }],
    ['stage', 'closed', 'complaint', { 'b.yaml': 3 }],
    ['signal', 'arrived', 'parcel', { 'a.zgoda': 1 }],
    ['signal', 'arrived', 'complaint', { 'b.yaml': 1 }],
  ])('%s `%s` of %s is found wherever it is named', (kind, name, of, expected) => {
    expect(counts(kind, name, of)).toEqual(expected)
  })

  it('leaves out no name of the flower shop: what else stands there are options, languages and fixed words', () => {
    const fixed = ['choice', 'contract', 'everyone', 'explicit', 'money', 'none', 'pl', 'see', 'years', 'yes/no']
    expect([...unnamed(florist('text'))].toSorted()).toEqual([...fixed, 'roses', 'tulips'].toSorted())
  })

  it('finds in either notation of the flower shop the same meanings', () => {
    const list = (shop: WrittenWorkspace) =>
      shop.analysis.symbols.meanings.map(({ kind, of = '', name }) => `${kind} ${of} ${name}`).toSorted()
    expect(list(florist('yaml'))).toEqual(list(florist('text')))
  })

  it('marks just the name, also within quotes and behind escapes', () => {
    for (const meaning of symbols.meanings) {
      for (const { file, start, end } of symbols.occurrences(meaning)) {
        expect(everyKind[file as keyof typeof everyKind].slice(start, end)).toBe(meaning.name)
      }
    }
  })
})

function unnamed(shop: WrittenWorkspace): Set<string> {
  const words = new Set<string>()
  for (const name of shop.names) {
    const source = shop.source(name)
    if (!source) continue
    for (const { tokenType, image, startOffset } of lex(source).tokens) {
      if (tokenType === Word && !shop.analysis.symbols.at(name, startOffset)) words.add(image)
    }
  }
  return words
}
