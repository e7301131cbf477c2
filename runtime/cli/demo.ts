import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../../engine/definition.ts'
import { systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import { generatePassword } from '../identity/index.ts'
import { createLog, type Log } from '../log.ts'
import { type RunningServer, startServer } from '../main.ts'
import { Refusal } from '../refusal.ts'
import { startMailSandbox, startPostgres } from '../sandbox/index.ts'
import { untilAsked } from './signals.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda demo [DIR]

Runs the server on the workspace in DIR (default: examples/florist/text) with everything embedded: a real Postgres, and
an SMTP and IMAP sandbox whose letters you read and answer at /_mail. Prints the address and log-ins.
What it holds is kept in \`.zgoda/\` (ZGODA_DATA); remove that folder to begin anew.`

const defaultWorkspace = new URL('../../examples/florist/text', import.meta.url).pathname

export async function run(args: readonly string[]): Promise<number> {
  const definition = await readDefinition(args[0] ?? defaultWorkspace)
  if (!definition) return 1
  const config = readConfig()
  const log = createLog(config.logLevel)
  const demo = await startDemo(definition, config, log)
  process.stdout.write(welcome(demo))
  await untilAsked()
  process.stdout.write('Stopping …\n')
  await demo.stop()
  return 0
}

interface Demo {
  readonly server: RunningServer
  readonly logins: readonly Login[]
  stop(): Promise<void>
}

interface Login {
  readonly login: string
  readonly password: string
  readonly roles: string
}

async function startDemo(definition: Definition, config: Config, log: Log): Promise<Demo> {
  const { dataDir } = config
  await mkdir(dataDir, { recursive: true })
  const postgres = await startPostgres({ dataDir: join(dataDir, 'database'), log })
  const companyAddress = definition.company?.email ?? 'office@company.example'
  const sandbox = await startMailSandbox({ dataDir: join(dataDir, 'mailbox'), companyAddress, log })
  const { adminLogin, adminPassword } = config
  const server = await startServer({
    definition,
    databaseUrl: postgres.url,
    masterKey: config.masterKey ?? (await kept(join(dataDir, 'master-key'), () => randomBytes(32).toString('hex'))),
    host: config.host,
    port: config.port,
    ...(config.url ? { url: config.url } : {}),
    mail: {
      smtpUrl: sandbox.smtpUrl,
      imapUrl: sandbox.imapUrl,
      imapMailbox: 'INBOX',
      from: definition.company ? `${definition.company.name} <${companyAddress}>` : companyAddress,
      trustedAuthserv: sandbox.authserv,
    },
    admin: { ...(adminLogin ? { login: adminLogin } : {}), ...(adminPassword ? { password: adminPassword } : {}) },
    demo: { router: sandbox.router },
    clock: systemClock,
    log,
  })
  const logins = await seedPeople(server, definition, join(dataDir, 'log-ins.json'))
  return {
    server,
    logins,
    stop: async () => {
      await server.stop()
      await sandbox.stop()
      await postgres.stop()
    },
  }
}

/** The administrator and one person a role; their passwords are made once and kept for the next start. */
async function seedPeople(server: RunningServer, definition: Definition, file: string): Promise<readonly Login[]> {
  const known = JSON.parse(await kept(file, () => '[]')) as Login[]
  const logins = new Map(known.map((login) => [login.login, login]))
  if (server.admin) logins.set(server.admin.login, { ...server.admin, roles: 'every role' })
  for (const role of Object.keys(definition.roles)) {
    if (logins.has(role)) continue
    const password = generatePassword()
    const added = await server.people.addPerson({ login: role, password, roles: [role] }).catch(takenAlready)
    if (added) logins.set(role, { login: role, password, roles: role })
  }
  const all = [...logins.values()]
  await writeFile(file, JSON.stringify(all, null, 2), { mode: 0o600 })
  return all
}

function takenAlready(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'conflict') return undefined
  throw error
}

async function kept(file: string, make: () => string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    const made = make()
    await writeFile(file, made, { mode: 0o600 })
    return made
  }
}

function welcome({ server, logins }: Demo): string {
  const width = Math.max(...logins.map(({ login }) => login.length))
  const lines = logins.map(({ login, password, roles }) => `    ${login.padEnd(width)}  ${password}   ${roles}`)
  return `
  Zgoda is running.

    Staff      ${server.url}/
    Clients    ${server.url}/portal
    Letters    ${server.url}/_mail   read each letter sent, and answer it as the client

  Log-ins:

${lines.join('\n')}

  Stop with Ctrl-C; everything is kept for the next start.
`
}
