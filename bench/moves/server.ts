import { readDefinition } from '../../runtime/cli/workspace.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { startServer } from '../../runtime/main.ts'

/** One node for a bench, in a process of its own. Without jobs letters stay in the queue: sending is another bench's matter. */
const definition = await readDefinition(new URL('.', import.meta.url).pathname)
if (!definition) process.exit(1)
const server = await startServer({
  definition,
  databaseUrl: process.argv[2] ?? '',
  masterKey: 'b'.repeat(64),
  host: '127.0.0.1',
  port: 0,
  admin: { login: 'bench', password: 'bench-password' },
  runJobs: process.argv[3] === 'jobs',
  clock: systemClock,
  log: createLog('warn'),
})
process.send?.({ port: server.port })
process.on('disconnect', () => void server.stop())
