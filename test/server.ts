import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkFolder } from '../dsl/index.ts'
import type { Definition } from '../engine/definition.ts'
import { systemClock } from '../runtime/clock.ts'
import type { CallSettings } from '../runtime/jobs/call.ts'
import type { Log } from '../runtime/log.ts'
import { type RunningServer, startServer } from '../runtime/main.ts'
import { startMailSandbox } from '../runtime/sandbox/index.ts'
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

/** On an example, or on a workspace in a folder of the test's own. */
export async function testServer(
  workspace: string,
  more: { readonly databaseUrl?: string; readonly calls?: CallSettings; readonly smtpUrl?: string } = {},
): Promise<TestServer> {
  const database = more.databaseUrl ? { url: more.databaseUrl, close: async () => undefined } : await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-test-'))
  const logged: string[] = []
  const log = collectingLog(logged)
  const definition = await definitionIn(workspace)
  const companyAddress = definition.company?.email ?? 'office@company.example'
  const sandbox = await startMailSandbox({ dataDir: folder, companyAddress, log })
  const server = await startServer({
    definition,
    databaseUrl: database.url,
    masterKey: 'c'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    mail: {
      smtpUrl: more.smtpUrl ?? sandbox.smtpUrl,
      imapUrl: sandbox.imapUrl,
      imapMailbox: 'INBOX',
      from: `${definition.company?.name} <${companyAddress}>`,
      trustedAuthserv: sandbox.authserv,
    },
    admin: { login: 'admin', password },
    demo: { router: sandbox.router },
    ...(more.calls ? { calls: more.calls } : {}),
    clock: systemClock,
    log,
  })
  for (const role of Object.keys(definition.roles))
    await server.people.addPerson({ login: role, password, roles: [role] })
  const mail = apiOf(server.url, '')
  const info = (await mail.get('/_mail/api/info')).body
  const letters = async () => (await mail.get('/_mail/api/messages')).body as SandboxLetter[]
  return {
    url: server.url,
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
      await rm(folder, { recursive: true, force: true })
      await database.close()
    }),
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

async function definitionIn(workspace: string): Promise<Definition> {
  const { definition, problems } = await checkFolder(resolve('examples', workspace))
  if (!definition)
    throw new Error(`examples/${workspace} has mistakes: ${problems.map(({ message }) => message).join('; ')}`)
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
