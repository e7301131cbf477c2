import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkFolder } from '../dsl/index.ts'
import type { Definition } from '../engine/definition.ts'
import type { ServerOptions } from '../runtime/assembly/options.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import type { TraceSettings } from '../runtime/config.ts'
import type { CallSettings } from '../runtime/jobs/call.ts'
import type { Log } from '../runtime/log.ts'
import { type RunningServer, startServer } from '../runtime/main.ts'
import { Refusal } from '../runtime/refusal.ts'
import { type MailSandbox, startMailSandbox } from '../runtime/sandbox/index.ts'
import { type Api, apiOf, signIn } from './api.ts'
import { testDatabase } from './database.ts'
import { eventually } from './eventually.ts'

/** A letter in the sandbox's mailboxes. */
export interface SandboxLetter {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers: Record<string, string>
}

/** The whole server on a database and a mail sandbox of its own, with a person for each role. */
export interface TestServer {
  readonly url: string
  /** Where it listens, whatever its public address is. */
  readonly local: string
  readonly databaseUrl: string
  readonly smtpPort: number
  readonly mailbox: string
  readonly server: RunningServer
  /** Everything logged so far, as lines of JSON. */
  readonly logged: readonly string[]
  as(login: string): Promise<Api>
  letters(): Promise<SandboxLetter[]>
  /** Waits for a letter to this address whose subject contains the words. */
  letterTo(address: string, subject: string): Promise<SandboxLetter>
  /** Answers as the letter's receiver would, through real SMTP and IMAP. */
  answer(letter: SandboxLetter, text: string, more?: { from?: string; auto?: boolean }): Promise<void>
  stop(): Promise<void>
}

const password = 'a-password-for-tests'
export const deployToken = 'a-token-for-tests-0123456789'

/** What a test brings itself, and cleans away. */
export interface TestOptions {
  readonly databaseUrl?: string
  /** A node without jobs stands for one that dies as soon as a decision is stored. */
  readonly runJobs?: boolean
  /** In place of the example's own. */
  readonly definition?: Definition
  readonly applyAtStart?: boolean
  readonly clock?: Clock
  readonly masterKey?: string
  /** Where the sandbox keeps its letters. */
  readonly mailFolder?: string
  readonly url?: string
  readonly metricsToken?: string
  readonly calls?: CallSettings
  readonly smtpUrl?: string
  readonly traces?: TraceSettings
}

/** `workspace` is a folder of `examples` or one of the test's own, or a workspace's text. */
export async function testServer(
  workspace: string | { readonly text: string },
  more: TestOptions = {},
): Promise<TestServer> {
  const database = more.databaseUrl ? { url: more.databaseUrl, close: async () => undefined } : await testDatabase()
  const folder = more.mailFolder ?? (await mkdtemp(join(tmpdir(), 'zgoda-test-')))
  const logged: string[] = []
  const log = collectingLog(logged)
  const definition = more.definition ?? (await definitionIn(workspace, folder))
  const companyAddress = definition.company?.email ?? 'office@company.example'
  const sandbox = await startMailSandbox({ dataDir: folder, companyAddress, log })
  const server = await started(sandbox, {
    definition,
    databaseUrl: database.url,
    masterKey: more.masterKey ?? 'c'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    ...(more.url ? { url: more.url } : {}),
    ...(more.metricsToken ? { metricsToken: more.metricsToken } : {}),
    mail: {
      smtpUrl: more.smtpUrl ?? sandbox.smtpUrl,
      imapUrl: sandbox.imapUrl,
      imapMailbox: 'INBOX',
      from: `${definition.company?.name} <${companyAddress}>`,
      trustedAuthserv: sandbox.authserv,
    },
    admin: { login: 'admin', password },
    deployToken,
    ...(more.applyAtStart ? { applyAtStart: true } : {}),
    demo: { router: sandbox.router },
    ...(more.calls ? { calls: more.calls } : {}),
    ...(more.traces ? { traces: more.traces } : {}),
    runJobs: more.runJobs ?? true,
    clock: more.clock ?? systemClock,
    log,
  })
  // A second server on a database finds the people there.
  for (const role of Object.keys(definition.roles))
    await server.people.addPerson({ login: role, password, roles: [role] }).catch(thereAlready)
  const local = `http://127.0.0.1:${server.port}`
  const mail = apiOf(local, '')
  const info = (await mail.get('/_mail/api/info')).body
  const letters = async () => (await mail.get('/_mail/api/messages')).body as SandboxLetter[]
  return {
    url: server.url,
    local,
    databaseUrl: database.url,
    smtpPort: info.smtpPort,
    mailbox: info.mailbox,
    server,
    logged,
    as: (login) => signIn(server.url, login, password),
    letters,
    letterTo: (address, subject) =>
      eventually(`a letter to ${address} about “${subject}”`, async () =>
        (await letters()).findLast((letter) => letter.to.includes(address) && letter.subject.includes(subject)),
      ),
    answer: async (letter, text, more = {}) => {
      const answer = await mail.post('/_mail/api/replies', { message: letter.id, text, ...more })
      if (answer.status >= 300) throw new Error(`the answer was not taken: ${JSON.stringify(answer.body)}`)
    },
    stop: once(async () => {
      await server.stop()
      await sandbox.stop()
      if (!more.mailFolder) await rm(folder, { recursive: true, force: true })
      await database.close()
    }),
  }
}

/** Where the server does not start, the sandbox does not stay either. */
async function started(sandbox: MailSandbox, options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options)
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}

/** On a database of an earlier server. */
function thereAlready(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'conflict')) throw error
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

async function definitionIn(workspace: string | { readonly text: string }, folder: string): Promise<Definition> {
  const place = typeof workspace === 'string' ? resolve('examples', workspace) : join(folder, 'workspace')
  if (typeof workspace === 'object') {
    await mkdir(place)
    await writeFile(join(place, 'workspace.zgoda'), workspace.text)
  }
  const { definition, problems } = await checkFolder(place)
  if (!definition) throw new Error(`the workspace has mistakes: ${problems.map(({ message }) => message).join('; ')}`)
  return definition
}

function collectingLog(lines: string[]): Log {
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push(JSON.stringify({ level, message, ...fields }))
  return { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') }
}

/** The stage a case is in, as this person sees it. */
export async function stageOf(api: Api, caseId: string): Promise<string> {
  return (await api.get(`/cases/${caseId}`)).body.stage.name
}

export function inStage(api: Api, caseId: string, stage: string): Promise<true> {
  return eventually(`case ${caseId} to be in ${stage}`, async () => (await stageOf(api, caseId)) === stage)
}
