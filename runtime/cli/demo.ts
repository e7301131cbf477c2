import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../../engine/definition.ts'
import { type Config, readConfig } from '../config.ts'
import { generatePassword } from '../identity/index.ts'
import { createLog, type Log } from '../log.ts'
import { type RunningServer, startServer } from '../main.ts'
import { OperatorError } from '../operator-error.ts'
import { Refusal } from '../refusal.ts'
import { startMailSandbox, startPostgres } from '../sandbox/index.ts'
import { serverOptions } from './server-options.ts'
import { untilAsked } from './signals.ts'
import { readArguments } from './usage.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda demo [DIR]

Runs the server on the workspace in DIR (default: examples/florist/text) with everything embedded: a real Postgres, and
an SMTP and IMAP sandbox whose letters you read and answer at /_mail. Prints the address and log-ins.
What it holds is kept in \`.zgoda/\` (ZGODA_DATA); remove that folder to begin anew.`

const defaultWorkspace = new URL('../../examples/florist/text', import.meta.url).pathname

export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, 1)
  const definition = await readDefinition(positionals[0] ?? defaultWorkspace)
  if (!definition) return 1
  const config = readConfig()
  const log = createLog(config.logLevel)
  const demo = await startDemo(definition, config, log)
  const asked = untilAsked()
  process.stdout.write(welcome(demo))
  await asked
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

/** Starts the embedded parts and the server on them; where one does not start, those before it are stopped again. */
async function startDemo(definition: Definition, config: Config, log: Log): Promise<Demo> {
  const { dataDir } = config
  await makeFolder(dataDir)
  const started: { stop(): Promise<void> }[] = []
  const stop = async () => {
    for (const part of started.toReversed()) await part.stop()
  }
  try {
    const postgres = await startPostgres({ dataDir: join(dataDir, 'database'), log })
    started.push(postgres)
    const companyAddress = definition.company?.email ?? 'office@company.example'
    const quickAnswers = agreedWords(definition)
    const sandbox = await startMailSandbox({ dataDir: join(dataDir, 'mailbox'), companyAddress, quickAnswers, log })
    started.push(sandbox)
    const from = definition.company ? `${definition.company.name} <${companyAddress}>` : companyAddress
    const { smtpUrl, imapUrl, authserv: trustedAuthserv } = sandbox
    const server = await startServer({
      ...serverOptions(config),
      definition,
      applyAtStart: true,
      // Whoever only tries has no secrets to share yet.
      calls: { allow: config.callAllow, secret: (name) => config.secret(name) ?? `demo ${name}` },
      databaseUrl: postgres.url,
      masterKey: config.masterKey ?? (await kept(join(dataDir, 'master-key'), () => randomBytes(32).toString('hex'))),
      mail: { smtpUrl, imapUrl, imapMailbox: 'INBOX', from, trustedAuthserv },
      demo: { router: sandbox.router },
      log,
    })
    started.push(server)
    const logins = await seedPeople(server, definition, join(dataDir, 'log-ins.json'))
    return { server, logins, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw new OperatorError(
      `nothing can be kept in \`${dataDir}\` (${reason}): name a folder of your own with ZGODA_DATA`,
      { cause: error },
    )
  }
}

/** The words that some rule waits for, first of each, to be answered with one click. */
function agreedWords({ processes }: Definition): string[] {
  const rules = Object.values(processes).flatMap(({ stages }) => Object.values(stages).flatMap((stage) => stage.rules))
  const words = rules.flatMap(({ trigger }) => (trigger.kind === 'reply' ? trigger.saying.slice(0, 1) : []))
  return [...new Set(words)].slice(0, 4)
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
