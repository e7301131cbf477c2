import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Config, workerSetting } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import { untilAsked } from './signals.ts'

/** What a worker tells the process that has started it, once it takes requests. */
export interface RunningWorker {
  readonly url: string
  readonly port: number
  /** The first person, where this worker made them. */
  readonly admin?: { readonly login: string; readonly password: string } | undefined
}

/** Tells it so. It goes over a pipe between the two processes and nowhere else. */
export function tellPrimary(running: RunningWorker): void {
  process.send?.(running)
}

/** Lets a worker end that has nothing more to do: the pipe would keep it. */
export function leavePrimary(): void {
  cluster.worker?.disconnect()
}

/** Milliseconds before a worker that has died is started again: doubled each time, until one has run for a while. */
const pauses = { shortest: 250, longest: 10_000, longEnough: 30_000 }

/**
 * Runs `config.nodes` worker processes that share the port, and starts again whichever dies. The first goes ahead alone:
 * where it can't start, none can, and its exit code is the answer. Asked to stop, it passes that on and waits for all.
 */
export async function runWorkers(
  config: Config,
  args: readonly string[],
  running: (first: RunningWorker) => void,
): Promise<number> {
  const exec = fileURLToPath(new URL('./zgoda.ts', import.meta.url))
  cluster.setupPrimary({ exec, args: ['serve', ...args] })
  const stopping = new AbortController()
  const asked = untilAsked().then(() => stopping.abort())
  const log = createLog(config.logLevel)
  const first = fork(1, config.port)
  const firstEnds = untilEnded(first, stopping.signal)
  const started = await Promise.race([told(first), firstEnds])
  if (typeof started === 'number') return stopping.signal.aborted ? 0 : started
  running(started)
  const others = Array.from({ length: config.nodes - 1 }, (_, index) => {
    const number = index + 2
    return { number, ends: untilEnded(fork(number, started.port), stopping.signal) }
  })
  const all = [{ number: 1, ends: firstEnds }, ...others]
  await Promise.all(all.map((worker) => keep(worker, { port: started.port, signal: stopping.signal, log })))
  await asked
  return 0
}

/** Keeps one worker running until all are told to stop. */
async function keep(
  { number, ends }: { readonly number: number; readonly ends: Promise<number> },
  { port, signal, log }: { readonly port: number; readonly signal: AbortSignal; readonly log: Log },
): Promise<void> {
  let code = await ends
  for (let wait = pauses.shortest; !signal.aborted; wait = Math.min(wait * 2, pauses.longest)) {
    log.warn({ node: number, code, again: wait }, 'a worker process has ended; starting it again')
    await pause(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const before = performance.now()
    code = await untilEnded(fork(number, port), signal)
    if (performance.now() - before > pauses.longEnough) wait = pauses.shortest / 2
  }
}

function fork(number: number, port: number): Worker {
  return cluster.fork({ [workerSetting]: String(number), ZGODA_PORT: String(port) })
}

/** Passes the word to stop on to a worker, and answers its exit code. */
async function untilEnded(worker: Worker, signal: AbortSignal): Promise<number> {
  const stop = () => worker.process.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await ended(worker)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function told(worker: Worker): Promise<RunningWorker> {
  const [running] = (await once(worker, 'message')) as [RunningWorker]
  return running
}

/** Its exit code; that of a killed one is 1. */
async function ended(worker: Worker): Promise<number> {
  if (worker.isDead()) return worker.process.exitCode ?? 1
  const [code] = (await once(worker, 'exit')) as [number | null]
  return code ?? 1
}
