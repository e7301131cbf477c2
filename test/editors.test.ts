import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import oniguruma from 'vscode-oniguruma'
import textmate from 'vscode-textmate'

const { resolve } = createRequire(import.meta.url)

let grammar: textmate.IGrammar | null

beforeAll(async () => {
  await oniguruma.loadWASM((await readFile(resolve('vscode-oniguruma/release/onig.wasm'))).buffer as ArrayBuffer)
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (words) => new oniguruma.OnigString(words),
    }),
    loadGrammar: async () => {
      const path = 'editors/vscode/syntaxes/zgoda.tmLanguage.json'
      return textmate.parseRawGrammar(await readFile(path, 'utf8'), path)
    },
  })
  grammar = await registry.loadGrammar('source.zgoda')
})

/** The words of a text that have a colour of their own, each with what it is. */
function coloured(text: string): string[] {
  let stack = textmate.INITIAL
  const found: string[] = []
  for (const line of text.split('\n')) {
    const read = grammar?.tokenizeLine(line, stack)
    for (const { startIndex, endIndex, scopes } of read?.tokens ?? []) {
      const scope = scopes.at(-1)?.replace(/\.zgoda$/, '')
      const words = line.slice(startIndex, endIndex).trim()
      if (scope && scope !== 'source' && words) found.push(`${words}: ${scope}`)
    }
    stack = read?.ruleStack ?? stack
  }
  return found
}

describe('the grammar for Visual Studio Code', () => {
  it('tells what declares, what is declared, and comments', () => {
    expect(coloured('process order { # why\n  final stage done { on enter { erase client } }')).toEqual([
      'process: keyword.other.declaration',
      'order: entity.name.type',
      '# why: comment.line.number-sign',
      'final: storage.modifier',
      'stage: keyword.other.declaration',
      'done: entity.name.type',
      'on: keyword.control',
      'enter: keyword.other',
      'erase: keyword.control',
      'client: keyword.other',
    ])
  })

  it('tells a field’s type, texts and what is in them', () => {
    expect(coloured('  field size "A \\" {{ b }}" client email personal for news')).toEqual([
      'field: keyword.other.declaration',
      'size: variable.other.member',
      '": string.quoted.double',
      'A: string.quoted.double',
      '\\": constant.character.escape',
      '{{ b }}: variable.other.template',
      '": string.quoted.double',
      'client email: support.type',
      'personal: keyword.other',
      'for: keyword.other',
    ])
  })

  it('tells times, numbers and values of a rule', () => {
    expect(coloured('  after 2 working days when price > 1.50 and paid = yes go to done')).toEqual([
      'after: keyword.control',
      '2 working days: constant.numeric',
      'when: keyword.other',
      '>: keyword.operator',
      '1.50: constant.numeric',
      'and: keyword.other',
      '=: keyword.operator',
      'yes: constant.language',
      'go: keyword.control',
      'to: keyword.other',
      'done: entity.name.type',
    ])
  })

  it('goes over the lines of a long text', () => {
    const found = coloured('letter a {\n  body """\nprocess {{ b }}\n"""\n  for news\n}')
    expect(found).toContain('process: string.quoted.triple')
    expect(found).toContain('for: keyword.control')
  })
})

describe('the extension for Visual Studio Code', () => {
  it('names files that are there', async () => {
    const { main, contributes } = JSON.parse(await readFile('editors/vscode/package.json', 'utf8'))
    const named = [main, contributes.languages[0].configuration, contributes.grammars[0].path]
    for (const path of named) await expect(readFile(`editors/vscode/${path}`, 'utf8')).resolves.not.toBe('')
  })
})
