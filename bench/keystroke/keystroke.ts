import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompletionRequest } from 'vscode-languageserver-protocol/node'
import { LanguageClient, uriOf } from '../../test/language-client.ts'
import { inText, inYaml } from '../check/workspace.ts'
import type { BenchResult } from '../result.ts'

/** What is typed over and over: a name that is none for a moment, in each notation. */
const places = [
  { file: 'orders_20.zgoda', words: 'require pric' },
  { file: 'orders_21.yaml', words: 'require: [pric' },
] as const

/** 50 processes, a file each, half of them in each notation, with what they share in a file of its own. */
function largeWorkspace(): ReadonlyMap<string, string> {
  const files = inText(50, 1).flatMap((file, index) => (index > 0 && index % 2 === 0 ? inYaml([file]) : [file]))
  return new Map(files.map(({ name, text }) => [name, text]))
}

/**
 * What an author waits for: from a keystroke to the problems it brings, and from asking to the names that fit, in a
 * workspace of 50 processes, through the real server over standard input and output.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'zgoda-keystroke-'))
  const files = largeWorkspace()
  for (const [name, text] of files) await writeFile(join(dir, name), text)
  const client = await LanguageClient.start([dir])
  try {
    const typing = places.map(({ file, words }) => new Typing(client, join(dir, file), files.get(file) ?? '', words))
    for (const each of typing) await each.open()
    for (let warm = 0; warm < 20; warm++) for (const each of typing) await each.keystroke()
    const times: number[][] = typing.map(() => [])
    const completions: number[] = []
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      for (const [index, each] of typing.entries()) {
        times[index]?.push(await each.keystroke())
        completions.push(await each.complete())
      }
    }
    return resultOf(times, completions)
  } finally {
    await client.stop()
    await rm(dir, { recursive: true })
  }
}

/** One place at which a letter is typed and taken back. */
class Typing {
  readonly #client: LanguageClient
  readonly #path: string
  readonly #text: string
  readonly #at: { readonly line: number; readonly character: number }
  #typed = true

  constructor(client: LanguageClient, path: string, text: string, words: string) {
    this.#client = client
    this.#path = path
    this.#text = text
    const before = text.slice(0, text.indexOf(words) + words.length).split('\n')
    this.#at = { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
  }

  async open(): Promise<void> {
    await this.#client.open(this.#path, this.#text)
    await this.#client.problems(this.#path, ({ version }) => version === 1)
  }

  /** How many milliseconds pass until the problems are there. */
  async keystroke(): Promise<number> {
    const start = this.#at
    const end = this.#typed ? { ...start, character: start.character + 1 } : start
    const began = performance.now()
    const version = await this.#client.type(this.#path, { start, end }, this.#typed ? '' : 'e')
    const problems = await this.#client.problems(this.#path, (published) => published.version === version)
    const took = performance.now() - began
    if (problems.length > 0 !== this.#typed)
      throw new Error(`the server told ${problems.length} problems of ${this.#path}`)
    this.#typed = !this.#typed
    return took
  }

  async complete(): Promise<number> {
    const began = performance.now()
    const textDocument = { uri: uriOf(this.#path) }
    const items = await this.#client.connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: this.#at,
    })
    if (!Array.isArray(items) || items.length === 0) throw new Error('the server offered nothing')
    return performance.now() - began
  }
}

function resultOf([text = [], yaml = []]: readonly (readonly number[])[], completions: readonly number[]): BenchResult {
  return {
    bench: 'keystroke',
    figures: {
      'keystrokes measured': text.length + yaml.length,
      'Zgoda text: p50 ms to problems': quantile(text, 0.5),
      'Zgoda text: p99 ms to problems': quantile(text, 0.99),
      'YAML: p50 ms to problems': quantile(yaml, 0.5),
      'YAML: p99 ms to problems': quantile(yaml, 0.99),
      'completion: p50 ms': quantile(completions, 0.5),
      'completion: p99 ms': quantile(completions, 0.99),
    },
    ratios: {},
  }
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
