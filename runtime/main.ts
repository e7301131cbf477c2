import { setTimeout as pause } from 'node:timers/promises'
import type { Definition } from '../engine/definition.ts'
import { CaseService } from './cases/cases.ts'
import { ChangeHub } from './cases/changes.ts'
import { ClientRoad } from './cases/client-road.ts'
import { takeIn } from './cases/intake.ts'
import { Numbers } from './cases/numbers.ts'
import { createPostman } from './cases/postman.ts'
import { cardRights, everyRole, noSuchClient } from './cases/rights.ts'
import { Road } from './cases/road.ts'
import { Versions } from './cases/versions.ts'
import { ClientService } from './clients/clients.ts'
import type { Clock } from './clock.ts'
import type { Ports } from './http/ports.ts'
import { type AppOptions, createApp, listen } from './http/server.ts'
import { Directory } from './identity/directory.ts'
import { People, PortalSessions } from './identity/index.ts'
import { lettersJob } from './jobs/letter.ts'
import { messageJob } from './jobs/message.ts'
import { timerJob } from './jobs/timer.ts'
import { startWorker } from './jobs/worker.ts'
import { describeError, type Log } from './log.ts'
import { createReceiver, type Receiver } from './mail/receive.ts'
import { createSender } from './mail/send.ts'
import { NotificationService } from './notices/notifications.ts'
import { createPortal } from './portal/portal.ts'
import { loadClient } from './store/clients.ts'
import { loadMailboxCursor, saveMailboxCursor } from './store/correspondence.ts'
import { type Database, isAway, openDatabase } from './store/database.ts'
import { keptKey } from './store/keys.ts'
import { migrate } from './store/migrate.ts'
import { identityStore } from './store/people.ts'
import { masterKey } from './vault/master-key.ts'
import { type Holder, nobody, Vault } from './vault/vault.ts'

/** What a server runs on. */
export interface ServerOptions {
  readonly definition: Definition
  readonly databaseUrl: string
  readonly masterKey: string
  readonly host: string
  readonly port: number
  /** The public address; where absent, the one it listens on. */
  readonly url?: string
  readonly mail?: {
    readonly smtpUrl?: string
    readonly imapUrl?: string
    readonly imapMailbox: string
    /** `Flower shop <office@flowers.example>`. */
    readonly from: string
    readonly trustedAuthserv?: string
  }
  readonly admin?: { readonly login?: string; readonly password?: string }
  readonly demo?: AppOptions['demo']
  /** Whether this node also sends letters, fires timers and reads the mailbox; yes where absent. */
  readonly runJobs?: boolean
  readonly clock: Clock
  readonly log: Log
}

export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly people: People
  /** The first person and their password, where this start made them. */
  readonly admin: { readonly login: string; readonly password: string } | undefined
  /** Ends what is under way, then closes. */
  stop(): Promise<void>
}

/** Puts the server together and starts it. Waits for a database that is away; throws where it never can start. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log, clock } = options
  const vault = new Vault(masterKey(options.masterKey))
  await waitForDatabase(() => migrate(options.databaseUrl), log)
  const db = openDatabase(options.databaseUrl, (error) =>
    log.warn(describeError(error), 'a database connection was lost'),
  )
  const versions = new Versions(db)
  await versions.install(options.definition, clock.now())
  const nobodysKey = await keptKey(db.pool, nobody, vault.newKey(nobody).wrapped)
  const fallback = (): Holder => vault.holder(nobody, nobodysKey, {})

  const changes = new ChangeHub(versions)
  const mailbox = addressIn(options.mail?.from ?? 'office@localhost')
  const postman = createPostman(vault, fallback, mailbox)
  const changed = (caseId: string, process: string) => changes.tell(caseId, process)
  const clientRoad = new ClientRoad({ db, vault, versions, postman, clock, changed })
  const road = new Road({
    db,
    vault,
    versions,
    postman,
    clock,
    log,
    changed,
    wide: (happening) => clientRoad.happen(happening),
  })
  const numbers = new Numbers(db)

  const store = identityStore(db.knex)
  const people = new People(store, clock)
  const seeded = await people.seedAdministrator({ ...options.admin, roles: [everyRole] })
  const directory = new Directory(store)
  await directory.refresh()
  const personName = (id: string) => directory.name(id)

  const cases = new CaseService({ db, vault, versions, numbers, road, clock, personName })
  const clients = new ClientService({ db, vault, versions, road: clientRoad, cases, clock, personName })
  const sessions = new PortalSessions({
    store,
    clock,
    linkKey: vault.master.links,
    clientExists: async (id) => (await loadClient(db.pool, id))?.erasedAt === null,
    mayIssueCode: async (by, clientId) => {
      if (!cardRights(by, versions.definition()).has('see')) throw noSuchClient()
      await clients.get(by, clientId)
    },
  })
  const ports: Ports = {
    identity: people,
    workspace: workspaceOf(versions),
    cases,
    clients,
    portal: createPortal({ sessions, cases, road, versions }),
    notifications: new NotificationService(db, versions),
    changes,
    health: { ready: () => readiness(db, () => receiver) },
  }

  const sender = options.mail?.smtpUrl
    ? createSender({ smtpUrl: options.mail.smtpUrl, from: options.mail.from })
    : undefined
  const url = options.url ?? `http://${options.host}:${options.port}`
  const mailParts = { db, vault, versions, clock, log, fallback, mailbox }
  const app = createApp(ports, {
    url,
    secureCookies: url.startsWith('https:'),
    log,
    clock,
    isAway,
    ...(options.demo ? { demo: options.demo } : {}),
  })
  const listening = await listen(app, options.port, options.host)
  const realUrl = options.url ?? `http://${options.host}:${listening.port}`
  const jobs = {
    letters: lettersJob({ ...mailParts, sender, url: realUrl }),
    timer: timerJob(road),
    message: messageJob({ ...mailParts, road, trustedAuthserv: options.mail?.trustedAuthserv }),
  }
  const runJobs = options.runJobs ?? true
  const worker = runJobs ? await startWorker(db, jobs, log) : undefined
  const receiver =
    runJobs && options.mail?.imapUrl ? receive(options.mail.imapUrl, options.mail.imapMailbox, mailParts) : undefined
  receiver?.start()

  return {
    url: realUrl,
    port: listening.port,
    people,
    admin: seeded && { login: seeded.person.login, password: seeded.password },
    stop: async () => {
      await receiver?.stop()
      await listening.close()
      await worker?.stop()
      sender?.close()
      await numbers.close()
      await db.close()
    },
  }
}

type MailParts = Parameters<typeof takeIn>[1] & { readonly log: Log }

function receive(imapUrl: string, mailbox: string, parts: MailParts): Receiver {
  const { pool } = parts.db
  return createReceiver({
    imapUrl,
    mailbox,
    cursor: {
      load: async () => {
        const cursor = await loadMailboxCursor(pool, mailbox)
        return cursor && { uidValidity: cursor.uidValidity, uid: cursor.lastUid }
      },
      save: ({ uidValidity, uid }) => saveMailboxCursor(pool, mailbox, { uidValidity, lastUid: uid }),
    },
    take: (message) => takeIn(message, parts),
    log: parts.log,
  })
}

function workspaceOf(versions: Versions): Ports['workspace'] {
  return {
    definition: () => versions.definition(),
    processes: (by) => versions.processes(by),
  }
}

async function readiness(db: Database, receiver: () => Receiver | undefined) {
  const database = await db.pool.query('select 1').then(
    () => 'ok',
    () => 'does not answer',
  )
  const status = receiver()?.status()
  const mail =
    status === undefined ? 'none is set' : status.state === 'listening' ? 'ok' : (status.because ?? status.state)
  return { ready: database === 'ok', checks: { database, mailbox: mail } }
}

/** A database that is away at the start is waited for, with a word in the log; any other failure is final. */
async function waitForDatabase(work: () => Promise<void>, log: Log): Promise<void> {
  for (let delay = 250; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error)) throw error
      log.warn(describeError(error), 'the database does not answer yet; trying again')
      await pause(delay)
    }
  }
}

function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from.trim()
}
