import { readDefinition } from '../../runtime/cli/workspace.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { startServer } from '../../runtime/main.ts'
import { clerk, masterKey } from '../moves/credentials.ts'
import { office } from './replies.ts'

export interface Reading {
  readonly databaseUrl: string
  readonly imapUrl: string
  /** Whose Authentication-Results count. Where absent, signatures are checked with the key. */
  readonly authserv?: string
  /** The DNS record of every selector. */
  readonly record?: string
}

/** A node that reads the mailbox, in a process of its own. */
const { databaseUrl, imapUrl, authserv, record } = JSON.parse(process.argv[2] ?? '') as Reading
const definition = await readDefinition(new URL('.', import.meta.url).pathname)
if (!definition) process.exit(1)
const server = await startServer({
  definition,
  databaseUrl,
  masterKey,
  host: '127.0.0.1',
  port: 0,
  admin: clerk,
  mail: {
    imapUrl,
    imapMailbox: 'INBOX',
    from: office,
    ...(authserv ? { trustedAuthserv: authserv } : {}),
    ...(record ? { resolver: async (name) => lookUp(name, record) } : {}),
  },
  clock: systemClock,
  log: createLog('warn'),
})
process.send?.({ port: server.port })
process.on('disconnect', () => void server.stop())

function lookUp(name: string, record: string): string[][] {
  if (name.includes('._domainkey.')) return [[record]]
  throw Object.assign(new Error(`no records of ${name}`), { code: 'ENOTFOUND' })
}
