import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from '../median.ts'
import type { BenchResult } from '../result.ts'
import { withScenarios } from './stories.ts'

const sizes = [1, 100, 1000] as const
/** What an author waits for a thousand scenarios, at most. */
const allowed = 2

/** `zgoda test` as an author calls it, a process of its own, on a generated workspace of ten processes. */
export async function bench(seconds: number): Promise<BenchResult> {
  const rounds = Math.max(3, Math.round(seconds / 4))
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-scenarios-'))
  try {
    for (const size of sizes) await write(join(folder, String(size)), size)
    const times = new Map(sizes.map((size): [number, number[]] => [size, []]))
    for (let round = 0; round < rounds; round++) {
      for (const size of sizes) times.get(size)?.push(await played(join(folder, String(size)), size))
    }
    return resultOf((size) => median(times.get(size) ?? []))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function write(folder: string, scenarios: number): Promise<void> {
  await mkdir(folder)
  for (const { name, text } of withScenarios(scenarios)) await writeFile(join(folder, name), text)
}

/** Seconds. A run that plays fewer scenarios, or finds one wrong, measures something else. */
async function played(folder: string, scenarios: number): Promise<number> {
  const started = performance.now()
  const args = ['runtime/cli/zgoda.ts', 'test', folder, '--format', 'json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })
  const took = (performance.now() - started) / 1000
  const { passed, failed } = JSON.parse(stdout)
  if (passed !== scenarios || failed !== 0) throw new Error(`${passed} scenarios passed and ${failed} failed`)
  return took
}

function resultOf(time: (size: (typeof sizes)[number]) => number): BenchResult {
  return {
    bench: 'scenarios',
    figures: {
      '1 scenario, cold command line, s': time(1),
      '100 scenarios, s': time(100),
      '1000 scenarios, s': time(1000),
      'one more scenario, ms': ((time(1000) - time(100)) / 900) * 1000,
    },
    ratios: { 'two seconds, 1000 scenarios': time(1000) / allowed },
  }
}
