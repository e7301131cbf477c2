import { peer } from '../peers.ts'

interface Dbos {
  setConfig(config: object): void
  launch(): Promise<void>
  shutdown(): Promise<void>
  registerWorkflow<A extends unknown[], R>(
    work: (...args: A) => Promise<R>,
    options: object,
  ): (...args: A) => Promise<R>
  runStep<R>(step: () => Promise<R>, options: object): Promise<R>
}

const [, , url = '', concurrency = '64'] = process.argv

/** Of 8, 16, 32 and 64 the one that it is fastest with on two cores. */
const connections = 8

/** DBOS Transact in a process of its own, as our node is: workflows of one step, so many at a time, for as many seconds as it is told. */
const { DBOS } = await peer<{ DBOS: Dbos }>('@dbos-inc/dbos-sdk')
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: url,
  systemDatabasePoolSize: connections,
  logLevel: 'error',
})
const move = DBOS.registerWorkflow(
  async (caseId: string) => DBOS.runStep(async () => ({ caseId, to: 'shipping' }), { name: 'decide' }),
  { name: 'move' },
)
await DBOS.launch()
process.on('message', async ({ seconds }: { seconds: number }) => process.send?.(await measured(seconds)))
process.on('disconnect', () => void DBOS.shutdown().finally(() => process.exit()))
process.send?.('ready')

async function measured(seconds: number): Promise<{ done: number; failed: number; seconds: number }> {
  const started = performance.now()
  let done = 0
  let failed = 0
  const runOn = async () => {
    while (performance.now() - started < seconds * 1000) {
      await move(`case ${done}`).then(
        () => (done += 1),
        () => (failed += 1),
      )
    }
  }
  await Promise.all(Array.from({ length: Number(concurrency) }, runOn))
  return { done, failed, seconds: (performance.now() - started) / 1000 }
}
