import { parentPort, workerData } from 'node:worker_threads'
import { convertFile, formatFile, loadFolder, readWorkspace, type SourceFile } from '../../dsl/index.ts'
import { unsound } from '../../test/dsl/soundness.ts'
import { type Mutation, mutations } from './mutate.ts'
import { Random } from './random.ts'

export interface FuzzOrder {
  readonly rounds: number
  readonly seed: number
  /** Where the number of the input under way is told, so that one that hangs is known. */
  readonly progress: SharedArrayBuffer
}

export interface FuzzReport {
  readonly mutation: Mutation
  readonly inputs: number
  /** Those that were still sound workspaces. */
  readonly sound: number
  readonly slowestMs: number
}

export type FuzzFailure = { readonly input: number; readonly why: string; readonly text: string }

/** One input in so many is also formatted and turned into the other notation. */
const printedEvery = 4

const { rounds, seed, progress } = workerData as FuzzOrder
const started = new Int32Array(progress)
const files = await seeds()
const reports = new Map<Mutation, { inputs: number; sound: number; slowestMs: number }>()
const failures: FuzzFailure[] = []

for (let input = 0; input < rounds && failures.length < 10; input++) {
  Atomics.store(started, 0, input)
  const random = new Random(seed + input * 2_654_435_761)
  const mutation = random.of(Object.keys(mutations) as Mutation[])
  const file = random.of(files)
  const text = mutations[mutation](file, random)
  const before = process.threadCpuUsage()
  const why = attempt({ name: file.name, text }, input % printedEvery === 0)
  // Of this thread alone: what else the machine does is no slowness of ours.
  const { user, system } = process.threadCpuUsage(before)
  const took = (user + system) / 1000
  const report = reports.get(mutation) ?? { inputs: 0, sound: 0, slowestMs: 0 }
  reports.set(mutation, report)
  report.inputs += 1
  report.slowestMs = Math.max(report.slowestMs, took)
  if (why === 'sound') report.sound += 1
  else if (why !== undefined) failures.push({ input, why, text })
  if (took > 1000) failures.push({ input, why: `${mutation} of ${file.name} took ${Math.round(took)} ms`, text })
}
parentPort?.postMessage({ reports: [...reports].map(([mutation, report]) => ({ mutation, ...report })), failures })

function attempt(file: SourceFile, print: boolean): string | undefined {
  try {
    const workspace = readWorkspace([file])
    const why = unsound(file, workspace)
    if (why) return why
    if (print) printed(file)
    return workspace.definition ? 'sound' : undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/** Formats and converts, which must answer with a text or problems; throws where either does neither. */
function printed(file: SourceFile): void {
  for (const answer of [formatFile(file), convertFile(file)]) {
    if (!('text' in answer) && answer.problems.length === 0) throw new Error('it gave neither a text nor a problem')
  }
}

async function seeds(): Promise<SourceFile[]> {
  const folders = ['examples', 'test/dsl/rendered']
  const read = await Promise.all(folders.map((folder) => loadFolder(folder)))
  return read.flatMap((folder) => folder.files)
}
