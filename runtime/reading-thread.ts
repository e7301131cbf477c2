import { parentPort, workerData } from 'node:worker_threads'
import { checkWorkspace } from './checked-workspace.ts'

/** What the thread answers: the definition as text, which is as it will lie in the database. */
export interface ReadApart {
  readonly definition: string | undefined
  readonly problems: Awaited<ReturnType<typeof checkWorkspace>>['problems']
  readonly files: number
}

const { definition, problems, files } = await checkWorkspace(workerData as string)
const answer: ReadApart = { definition: definition && JSON.stringify(definition), problems, files: files.length }
parentPort?.postMessage(answer)
