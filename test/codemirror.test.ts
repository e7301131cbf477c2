import { CompletionContext } from '@codemirror/autocomplete'
import { toggleComment } from '@codemirror/commands'
import { getIndentation } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight'
import { describe, expect, it } from 'vitest'
import { complete } from '../dsl/language-service/index.ts'
import { zgoda, zgodaCompletion, zgodaLanguage } from '../editors/codemirror/index.ts'
import { workspaceOf } from './dsl/written-workspace.ts'

const highlighter = tagHighlighter([
  { tag: tags.comment, class: 'comment' },
  { tag: tags.string, class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.atom, class: 'value' },
  { tag: tags.typeName, class: 'type' },
  { tag: tags.definition(tags.typeName), class: 'declared' },
  { tag: tags.definition(tags.propertyName), class: 'declared' },
  { tag: tags.keyword, class: 'keyword' },
  { tag: tags.operatorKeyword, class: 'joining' },
  { tag: tags.function(tags.variableName), class: 'function' },
])

/** The coloured words of a text. */
function coloured(text: string): string[] {
  const found: string[] = []
  highlightTree(zgodaLanguage.parser.parse(text), highlighter, (from, to, kind) => {
    found.push(`${text.slice(from, to)}: ${kind}`)
  })
  return found
}

function stateOf(marked: string): EditorState {
  const at = marked.indexOf('|')
  const doc = at < 0 ? marked : marked.slice(0, at) + marked.slice(at + 1)
  return EditorState.create({ doc, selection: { anchor: Math.max(at, 0) }, extensions: [zgoda()] })
}

describe('the language for CodeMirror', () => {
  it('colours a word by where it stands', () => {
    expect(coloured('process stage { # why\n  field text "Text" long text default today\n  show text\n}')).toEqual([
      'process: keyword',
      'stage: declared',
      '# why: comment',
      'field: keyword',
      'text: declared',
      '"Text": string',
      'long text: type',
      'default: joining',
      'today: value',
      'show: keyword',
    ])
  })

  it('colours conditions, calls and times', () => {
    expect(coloured('  after 2 working days when postage(a, 1) > 3 go to x')).toEqual([
      'after: keyword',
      '2 working days: number',
      'when: joining',
      'postage: function',
      '1: number',
      '3: number',
      'go: joining',
      'to: joining',
    ])
  })

  it('takes a text over several lines for one', () => {
    expect(coloured('letter a {\n  body """\n  show { # x\n  """\n  for b\n}')).toEqual([
      'letter: keyword',
      'a: declared',
      'body: keyword',
      '""": string',
      '  show { # x: string',
      '  """: string',
      'for: keyword',
    ])
  })

  it.each([
    ['one deeper after a brace', 'process p {\n|', 2],
    ['two deeper in a stage', 'process p {\n  stage s {\n|', 4],
    ['back where a brace closes', 'process p {\n  stage s {\n|}', 2],
    ['at the margin after a declaration', 'role a { clients: see }\n|', 0],
  ])('indents %s', (_, marked, expected) => {
    const state = stateOf(marked)
    expect(getIndentation(state, state.selection.main.head)).toBe(expected)
  })

  it('comments a line out and in again', () => {
    let state = stateOf('role a { clients: see }|')
    const dispatch = (transaction: { state: EditorState }) => {
      state = transaction.state
    }
    toggleComment({ state, dispatch })
    expect(state.doc.toString()).toBe('# role a { clients: see }')
    toggleComment({ state, dispatch })
    expect(state.doc.toString()).toBe('role a { clients: see }')
  })
})

describe('completion in CodeMirror', () => {
  const ask = (text: string, offset: number) => complete(workspaceOf({ 'a.zgoda': text }), 'a.zgoda', offset)

  async function offered(marked: string, explicit = true) {
    const state = stateOf(marked)
    return zgodaCompletion(ask)(new CompletionContext(state, state.selection.main.head, explicit))
  }

  it('offers what the language service answers, in its order', async () => {
    const found = await offered('role clerk "Clerk" { clients: s| }')
    expect(found?.from).toBe(30)
    expect(found?.options.map(({ label }) => label)).toEqual(['see', 'edit', 'erase'])
  })

  it('gives snippets their places to fill in', async () => {
    const found = await offered('rol|')
    const role = found?.options.find(({ label }) => label === 'role')
    expect(typeof role?.apply).toBe('function')
  })

  it('asks nothing where no word is being written, unless told to', async () => {
    expect(await offered('role clerk "Clerk" {|', false)).toBeNull()
    expect((await offered('role clerk "Clerk" {|'))?.options).toHaveLength(1)
  })
})
