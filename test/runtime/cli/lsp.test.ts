import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  FileChangeType,
  HoverRequest,
  PrepareRenameRequest,
  RenameRequest,
} from 'vscode-languageserver-protocol/node'
import { LanguageClient, type Published, uriOf } from '../../language-client.ts'

const claims = `processes:
  claim:
    access: { manager: [see, move] }
    fields:
      damage: { title: What is damaged, type: text, personal: [delivery] }
    stages:
      open:
        enter:
          - start: { process: order, with: { price: 0 } }
        moves: [{ to: settled }]
      settled: { final: true }
`

let dir: string
let client: LanguageClient
const order = () => join(dir, 'order.zgoda')
const text = () => readFileSync(order(), 'utf8')

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-lsp-'))
  await cp('examples/florist/text', dir, { recursive: true })
  await writeFile(join(dir, 'claims.yaml'), claims)
  client = await LanguageClient.start([dir])
})

afterEach(async () => {
  await client.stop()
  await rm(dir, { recursive: true })
})

/** Where some words stand in a text, from behind `into` of them. */
function positionOf(source: string, words: string, into = 0) {
  const at = source.indexOf(words) + into
  const before = source.slice(0, at).split('\n')
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}

const document = (path: string) => ({ textDocument: { uri: uriOf(path) } })

describe('the language server', () => {
  it('answers with problems after a keystroke, at their places and with what to do', async () => {
    await client.open(order(), text())
    expect(await client.problems(order(), ({ version }) => version === 1)).toEqual([])
    const start = positionOf(text(), 'require price', 'require pric'.length)
    const began = performance.now()
    const version = await client.type(order(), { start, end: { ...start, character: start.character + 1 } }, '')
    const problems = await client.problems(order(), (published) => published.version === version)
    process.stdout.write(`problems arrived ${(performance.now() - began).toFixed(1)} ms after the keystroke\n`)
    expect(problems).toEqual([
      {
        range: { start: { ...start, character: start.character - 4 }, end: start },
        severity: 1,
        code: 'Z201',
        source: 'zgoda',
        message: 'there is no field `pric` in process `order`\ndid you mean `price`?',
      },
    ])
  })

  it('says what is proved wrong once nobody types, keeps it at its line, and takes it back', async () => {
    await client.open(order(), text())
    const codes = (published: Published) => published.diagnostics.map(({ code }) => code)
    const start = positionOf(text(), '  stage arranging')
    const insertion = { start, end: start }
    const written = '  stage forgotten "Forgotten" {\n    move to delivered\n  }\n\n'
    await client.type(order(), insertion, written)
    const [problem] = await client.problems(order(), (published) => codes(published).includes('Z301'))
    expect(problem?.message).toContain('no case can reach stage `forgotten`')
    expect(problem?.range.start.line).toBe(start.line)
    const noted = await client.type(order(), insertion, '  # to be looked at\n')
    const [still] = await client.problems(order(), ({ version }) => version === noted)
    expect([still?.code, still?.range.start.line]).toEqual(['Z301', start.line + 1])
    const gone = { start: { line: start.line + 1, character: 0 }, end: { line: start.line + 5, character: 0 } }
    await client.type(order(), gone, '')
    expect(await client.problems(order(), ({ diagnostics }) => diagnostics.length === 0)).toEqual([])
  })

  it('puts right what a problem says was meant', async () => {
    await writeFile(order(), text().replace('require price', 'require pric'))
    await client.open(order(), text())
    await client.problems(order(), ({ diagnostics }) => diagnostics.length > 0)
    const start = positionOf(text(), 'require pric', 9)
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      ...document(order()),
      range: { start, end: start },
      context: { diagnostics: [] },
    })
    expect(actions).toMatchObject([
      { title: 'Change to `price`', edit: { changes: { [uriOf(order())]: [{ newText: 'price' }] } } },
    ])
  })

  it('completes names of their kind and what a snippet gives', async () => {
    const source = text().replace('after 14 days go to cancelled', 'after 14 days go to ')
    await client.open(order(), source)
    const items = await client.connection.sendRequest(CompletionRequest.type, {
      ...document(order()),
      position: positionOf(source, 'after 14 days go to ', 20),
    })
    const labels = Array.isArray(items) ? items.map(({ label }) => label) : []
    expect(labels).toEqual(['waiting', 'arranging', 'delivered', 'cancelled'])
    const top = await client.connection.sendRequest(CompletionRequest.type, {
      ...document(order()),
      position: { line: source.split('\n').length - 1, character: 0 },
    })
    const process = Array.isArray(top) ? top.find(({ label }) => label === 'process') : undefined
    expect(process).toMatchObject({ insertTextFormat: 2, textEdit: { newText: expect.stringContaining('stage') } })
  })

  it('renames across files and both notations', async () => {
    await client.open(order(), text())
    const position = positionOf(text(), 'field price', 6)
    const range = await client.connection.sendRequest(PrepareRenameRequest.type, { ...document(order()), position })
    expect(range).toEqual({ start: position, end: { ...position, character: position.character + 5 } })
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      ...document(order()),
      position,
      newName: 'cost',
    })
    const edited = Object.fromEntries(Object.entries(edit?.changes ?? {}).map(([uri, edits]) => [uri, edits.length]))
    expect(edited).toEqual({
      [uriOf(order())]: 6,
      [uriOf(join(dir, 'workspace.zgoda'))]: 1,
      [uriOf(join(dir, 'claims.yaml'))]: 1,
    })
  })

  it('says why a name can’t be had', async () => {
    await client.open(order(), text())
    const refused = client.connection.sendRequest(RenameRequest.type, {
      ...document(order()),
      position: positionOf(text(), 'field price', 6),
      newName: 'paid',
    })
    await expect(refused).rejects.toThrow('there is a field `paid` already in process `order`')
  })

  it('leads from a YAML file to what it names in Zgoda text, and tells its title', async () => {
    const path = join(dir, 'claims.yaml')
    await client.open(path, claims)
    const at = { ...document(path), position: positionOf(claims, 'price: 0', 2) }
    expect(await client.connection.sendRequest(DefinitionRequest.type, at)).toEqual([
      {
        uri: uriOf(order()),
        range: { start: positionOf(text(), 'field price', 6), end: positionOf(text(), 'field price', 11) },
      },
    ])
    expect(await client.connection.sendRequest(HoverRequest.type, at)).toMatchObject({
      contents: { value: '**field `price`** of process `order`: Price\n\n`money`' },
    })
  })

  it.each(['zgoda', 'yaml'])('formats a file of %s', async (kind) => {
    const path = join(dir, `roles.${kind}`)
    const source = kind === 'yaml' ? 'roles:\n    clerk:   { clients: [see] }\n' : 'role   clerk {clients:see}\n'
    await client.open(path, source)
    const options = { tabSize: 2, insertSpaces: true }
    const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, { ...document(path), options })
    expect(edits).toHaveLength(1)
    expect(edits?.[0]?.newText).toMatch(kind === 'yaml' ? /^roles:\n {2}clerk:/ : /^role clerk \{/)
  })

  it('outlines a file with fields and stages in their process', async () => {
    const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, document(join(dir, 'claims.yaml')))
    expect(symbols).toMatchObject([
      { name: 'claim', children: [{ name: 'damage' }, { name: 'open' }, { name: 'settled' }] },
    ])
  })

  it('tells the problems of files that nobody has open, and follows them on disk', async () => {
    const path = join(dir, 'workspace.zgoda')
    const told = () =>
      client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: uriOf(path), type: FileChangeType.Changed }],
      })
    const sound = readFileSync(path, 'utf8')
    await writeFile(path, sound.replace('purpose offers', 'purpose offer'))
    await told()
    expect(await client.problems(path, ({ diagnostics }) => diagnostics.length > 0)).not.toEqual([])
    await writeFile(path, sound)
    await told()
    expect(await client.problems(path, ({ diagnostics }) => diagnostics.length === 0)).toEqual([])
  })

  it('forgets a file that is deleted', async () => {
    await client.open(order(), text())
    await unlink(join(dir, 'workspace.zgoda'))
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: uriOf(join(dir, 'workspace.zgoda')), type: FileChangeType.Deleted }],
    })
    const problems = await client.problems(order(), ({ diagnostics }) => diagnostics.length > 0)
    expect(problems.map(({ code }) => code)).toContain('Z201')
  })
})

describe('where a workspace ends', () => {
  const sound = 'role clerk "Clerk" { clients: see }\n'

  it('keeps folders apart that are open together, and that the setting names', async () => {
    const [a, b] = [join(dir, 'a'), join(dir, 'b')]
    for (const folder of [a, b]) {
      await mkdir(folder)
      await writeFile(join(folder, 'roles.zgoda'), sound)
    }
    const other = await LanguageClient.start([dir], { initializationOptions: { workspaces: ['a', 'b'] } })
    await other.open(join(a, 'roles.zgoda'), sound)
    expect(await other.problems(join(a, 'roles.zgoda'))).toEqual([])
    await other.stop()
    const whole = await LanguageClient.start([dir])
    await whole.open(join(b, 'roles.zgoda'), sound)
    const problems = await whole.problems(join(b, 'roles.zgoda'), ({ diagnostics }) => diagnostics.length > 0)
    expect(problems.map(({ code }) => code)).toEqual(['Z104'])
    await whole.stop()
  })

  it('takes a file that is opened without a folder together with those beside it', async () => {
    const alone = await LanguageClient.start([])
    await alone.open(order(), text())
    expect(await alone.problems(order(), ({ diagnostics }) => diagnostics.length === 0)).toEqual([])
    const broken = text().replace('require price', 'require cost')
    await alone.type(order(), { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } }, broken)
    const problems = await alone.problems(order(), ({ diagnostics }) => diagnostics.length > 0)
    expect(problems.map(({ code }) => code)).toEqual(['Z201'])
    await alone.stop()
  })

  it('says nothing about YAML that is none of ours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zgoda-lsp-other-'))
    const other = await LanguageClient.start([folder])
    const compose = join(folder, 'compose.yaml')
    await other.open(compose, 'services:\n  web: { image: nginx }\n')
    const ours = join(folder, 'roles.yaml')
    await other.open(ours, 'roles:\n  clerk: { clients: [se] }\n')
    expect(await other.problems(ours, ({ diagnostics }) => diagnostics.length > 0)).toHaveLength(1)
    expect(await other.problems(compose)).toEqual([])
    expect(await other.stop()).toBe(0)
    await rm(folder, { recursive: true })
  })
})
