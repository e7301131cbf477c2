import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkFolder } from '../dsl/index.ts'
import type { Definition } from '../engine/definition.ts'
import type { Clock } from '../runtime/clock.ts'
import { createLog } from '../runtime/log.ts'
import { startServer } from '../runtime/main.ts'
import { startMailSandbox } from '../runtime/sandbox/index.ts'
import { type Api, apiOf, signIn } from './api.ts'
import { serveRouter } from './sandbox-pages.ts'

/** Two servers on one database and one mail sandbox, whose administrator is signed in at both. */
export interface TwoNodes {
  readonly definition: Definition
  readonly nodes: readonly Api[]
  /** The sandbox's mailbox. */
  readonly mail: Api
  close(): Promise<void>
}

const login = { login: 'admin', password: 'a-password-for-tests' }
const companyAddress = 'desk@company.example'

/** `workspace` is the text of one whose company has the address `desk@company.example`. */
export async function startTwoNodes(
  workspace: string,
  databaseUrl: string,
  clock: Clock,
  /** A mail server to send by in place of the sandbox's. */
  smtpUrl?: string,
): Promise<TwoNodes> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-two-nodes-'))
  await writeFile(join(folder, 'job.zgoda'), workspace)
  const { definition, problems } = await checkFolder(folder)
  if (!definition) throw new Error(problems.map(({ message }) => message).join('; '))
  const log = createLog('silent')
  const sandbox = await startMailSandbox({ dataDir: join(folder, 'mail'), companyAddress, log })
  const pages = await serveRouter(sandbox.router)
  const options = {
    definition,
    databaseUrl,
    masterKey: 'e'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    mail: {
      smtpUrl: smtpUrl ?? sandbox.smtpUrl,
      imapUrl: sandbox.imapUrl,
      imapMailbox: 'INBOX',
      from: companyAddress,
      trustedAuthserv: sandbox.authserv,
    },
    admin: login,
    clock,
    log,
  }
  const servers = await Promise.all([startServer(options), startServer(options)])
  return {
    definition,
    nodes: await Promise.all(servers.map(({ url }) => signIn(url, login.login, login.password))),
    mail: apiOf(pages.url, ''),
    close: async () => {
      for (const server of servers) await server.stop()
      pages.server.close()
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
