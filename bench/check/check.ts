import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readWorkspace, type SourceFile } from '../../dsl/index.ts'
import { check } from '../../engine/index.ts'
import { median } from '../median.ts'
import type { BenchResult } from '../result.ts'
import { inText, inYaml, large } from './workspace.ts'

const sizes = [10, 100, 1000] as const
const florist = 'examples/florist/text'

/**
 * What an author waits for: all that `zgoda check` does to workspaces of 10 to 1,000 processes in both notations, one process
 * of 100 stages and 8 purposes, and the flower shop from a cold command line.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  const rounds = Math.max(3, Math.round(seconds / 2))
  const texts = new Map(sizes.map((size) => [size, inText(size)]))
  const yamls = new Map([...texts].map(([size, files]) => [size, inYaml(files)]))
  const big = large()
  for (const files of [texts.get(10), yamls.get(10), big]) sound(files ?? [])
  const times = new Map<string, number[]>()
  const note = (name: string, took: number) => times.set(name, [...(times.get(name) ?? []), took])
  for (let round = 0; round < rounds; round++) {
    note('flower shop, cold command line, s', await cold())
    note('100 stages and 8 purposes, s', warm(big))
    for (const size of sizes) {
      note(`${size} processes in text, s`, warm(texts.get(size) ?? []))
      note(`${size} processes in YAML, s`, warm(yamls.get(size) ?? []))
    }
  }
  return resultOf(new Map([...times].map(([name, values]) => [name, median(values)])), texts.get(1000) ?? [])
}

/** A generated workspace with mistakes would be measured as something else. */
function sound(files: readonly SourceFile[]): void {
  const { definition, problems } = readWorkspace(files)
  const wrong = definition ? check(definition).map(({ message }) => message) : problems.map(({ message }) => message)
  if (wrong.length > 0) throw new Error(`a generated workspace has mistakes: ${JSON.stringify(wrong.slice(0, 3))}`)
}

function warm(files: readonly SourceFile[]): number {
  const started = performance.now()
  const { definition } = readWorkspace(files)
  if (definition) check(definition)
  return (performance.now() - started) / 1000
}

async function cold(): Promise<number> {
  const started = performance.now()
  await promisify(execFile)(process.execPath, ['runtime/cli/zgoda.ts', 'check', florist])
  return (performance.now() - started) / 1000
}

function resultOf(times: ReadonlyMap<string, number>, files: readonly SourceFile[]): BenchResult {
  const time = (name: string) => times.get(name) ?? Number.NaN
  const size = files.reduce((sum, { text }) => sum + text.length, 0) / 1e6
  const text = time('1000 processes in text, s')
  const yaml = time('1000 processes in YAML, s')
  return {
    bench: 'check',
    figures: { ...Object.fromEntries(times), 'text of 1000 processes, MB': size, 'MB/s in text': size / text },
    ratios: {
      'YAML to text': yaml / text,
      'ten times the work, text': text / time('100 processes in text, s'),
      'ten times the work, YAML': yaml / time('100 processes in YAML, s'),
    },
  }
}
