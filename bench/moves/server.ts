import { readDefinition } from '../../runtime/cli/workspace.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { startServer } from '../../runtime/main.ts'
import { clerk, masterKey } from './credentials.ts'

/** One node for a bench, in a process of its own. Without jobs letters stay in the queue: sending is another bench's matter. */
const [, , databaseUrl = '', jobs, workspace = new URL('.', import.meta.url).pathname] = process.argv
const definition = await readDefinition(workspace)
if (!definition) process.exit(1)
const server = await startServer({
  definition,
  databaseUrl,
  masterKey,
  host: '127.0.0.1',
  port: 0,
  admin: clerk,
  runJobs: jobs === 'jobs',
  clock: systemClock,
  log: createLog('warn'),
})
process.send?.({ port: server.port })
process.on('disconnect', () => void server.stop())
