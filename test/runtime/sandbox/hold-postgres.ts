import { startPostgres } from '../../../runtime/sandbox/postgres.ts'

/** A process that owns an embedded Postgres until it is killed. Usage: `node hold-postgres.ts DATA_DIR`. */
const log = { info() {}, warn() {}, debug() {}, error() {} }
const server = await startPostgres({ dataDir: process.argv[2] as string, log })
process.stdout.write(`${server.url}\n`)
setInterval(() => undefined, 60_000)
