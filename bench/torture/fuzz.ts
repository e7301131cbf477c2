import { Worker } from 'node:worker_threads'
import type { FuzzFailure, FuzzOrder, FuzzReport } from './fuzz-worker.ts'
import type { TortureResult } from './result.ts'

/** How long one input may take before it counts as one that hangs, in milliseconds. */
const patience = 20_000

/**
 * Spoilt definitions of both notations: bytes, tokens, lines, nesting, long lines, alias bombs. Each must end within a second
 * in a definition or a problem at a place that exists.
 */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  const progress = new SharedArrayBuffer(4)
  const { reports, failures } = await run({ rounds, seed, progress })
  return {
    figures: Object.fromEntries(
      reports.flatMap(({ mutation, inputs, sound, slowestMs }) => [
        [`${mutation}: inputs`, inputs],
        [`${mutation}: still sound`, sound],
        [`${mutation}: slowest ms`, Math.round(slowestMs)],
      ]),
    ),
    failures: failures.map(({ input, why, text }) => `input ${input}: ${why}\n${text.slice(0, 400)}`),
  }
}

function run(order: FuzzOrder): Promise<{ reports: FuzzReport[]; failures: FuzzFailure[] }> {
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), { workerData: order })
  const started = new Int32Array(order.progress)
  return new Promise((resolve, reject) => {
    let last = -1
    const watch = setInterval(() => {
      const now = Atomics.load(started, 0)
      if (now === last) {
        void worker.terminate()
        resolve({ reports: [], failures: [{ input: now, why: `no answer in ${patience / 1000} s`, text: '' }] })
      }
      last = now
    }, patience)
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', () => clearInterval(watch))
  })
}
