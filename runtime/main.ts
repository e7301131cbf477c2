import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Definition } from '../engine/definition.ts'
import { createBulk } from './bulk/index.ts'
import { type ApplyParts, applyDefinition } from './cases/apply.ts'
import { CaseService } from './cases/cases.ts'
import { ChangeHub } from './cases/changes.ts'
import { ClientRoad } from './cases/client-road.ts'
import { createCourier } from './cases/courier.ts'
import { DeploymentService } from './cases/deployment.ts'
import { InboxService } from './cases/inbox.ts'
import { takeIn } from './cases/intake.ts'
import { Numbers } from './cases/numbers.ts'
import { createPostman } from './cases/postman.ts'
import { cardRights, everyRole, noSuchClient } from './cases/rights.ts'
import { Road, type RoadFigures } from './cases/road.ts'
import { peopleFor, type Staff } from './cases/staff.ts'
import { startFields } from './cases/start-fields.ts'
import { definitionHash, Versions } from './cases/versions.ts'
import { ClientService } from './clients/clients.ts'
import type { Clock } from './clock.ts'
import type { DkimKey } from './config.ts'
import type { Metrics, Ports } from './http/ports.ts'
import { type AppOptions, createApp, listen } from './http/server.ts'
import { announced } from './identity/announced.ts'
import { Directory } from './identity/directory.ts'
import { type IdentityStore, People, PortalSessions } from './identity/index.ts'
import { IncidentService } from './incidents/incidents.ts'
import { type CallSettings, callJob } from './jobs/call.ts'
import { documentJob } from './jobs/document.ts'
import { endedJob } from './jobs/ended.ts'
import { lettersJob } from './jobs/letter.ts'
import { messageJob } from './jobs/message.ts'
import { startJob } from './jobs/start.ts'
import { stragglersJob } from './jobs/stragglers.ts'
import { tidyJob } from './jobs/tidy.ts'
import { timerJob } from './jobs/timer.ts'
import { startWorker } from './jobs/worker.ts'
import { checkMasterKey, openKeyring } from './keyring.ts'
import { describeError, type Log } from './log.ts'
import { createReceiver, type Receiver } from './mail/receive.ts'
import { createSender } from './mail/send.ts'
import { Collector } from './metrics/collect.ts'
import { createFigures, type Figures } from './metrics/figures.ts'
import { counted } from './metrics/job-figures.ts'
import { Channel, type Hearing } from './nodes/channel.ts'
import { written } from './nodes/message.ts'
import { Turn } from './nodes/turn.ts'
import { NotificationService } from './notices/notifications.ts'
import { OperatorError } from './operator-error.ts'
import { createPortal } from './portal/portal.ts'
import { type MailEnds, readiness } from './readiness.ts'
import { Refusal } from './refusal.ts'
import { loadClient } from './store/clients.ts'
import { loadMailboxCursor, saveMailboxCursor } from './store/correspondence.ts'
import { type Database, isAway, openDatabase } from './store/database.ts'
import { countOpenIncidents } from './store/incidents.ts'
import { keepMasterCheck, keptKey } from './store/keys.ts'
import { migrate } from './store/migrate.ts'
import { notify } from './store/notify.ts'
import { identityStore } from './store/people.ts'
import { forOperator } from './store/refused.ts'
import { inTurn } from './store/turns.ts'
import { masterKey } from './vault/master-key.ts'
import { type Holder, nobody, Vault } from './vault/vault.ts'
import { version } from './version.ts'
import { HookService } from './webhooks/hooks.ts'
import { checkSecrets } from './webhooks/secrets.ts'

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
    readonly dkim?: DkimKey
  }
  /** What webhooks are called with; none inside and no secret where absent. */
  readonly calls?: CallSettings
  readonly admin?: { readonly login?: string; readonly password?: string }
  /** Whether the definition is made to run though another one runs; else it is only said. */
  readonly applyAtStart?: boolean
  /** The bearer of this may plan and apply. */
  readonly deployToken?: string
  readonly demo?: AppOptions['demo']
  /** Who shows it may read `/metrics` from anywhere. */
  readonly metricsToken?: string
  /** Whether this node also sends letters, calls webhooks, fires timers and reads the mailbox; yes where absent. */
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
  const started: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) await end()
  }
  try {
    return { ...(await start(options, started)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Each part that has to be ended goes into `started` as soon as it stands. */
async function start(options: ServerOptions, started: (() => Promise<void>)[]): Promise<Omit<RunningServer, 'stop'>> {
  const { log, clock } = options
  const base = await openBase(options)
  started.push(() => base.db.close())
  started.push(() => base.channel.stop())
  const store = sharedStore(base)
  const sessions = portalSessions(base, store)
  const directory = new Directory(store)
  await directory.refresh()
  const roads = buildRoads(base, directory, sessions)
  started.push(() => roads.numbers.close())
  const people = new People(store, clock)
  const seed = () => people.seedAdministrator({ ...options.admin, roles: [everyRole] })
  const seeded = await inTurn(options.databaseUrl, 'first person', seed).catch(namingSetting)
  await base.channel.start(hearing(base, roads, directory, [people, sessions]))
  // What was applied before this node heard the others.
  await base.versions.refresh()
  const { calls = noCalls, deployToken: token } = options
  const deployment = new DeploymentService({ ...base, ...roads.applying, calls, token })
  if (options.applyAtStart) await applyAtStart(options, roads.applying)
  let mail: MailEnds = {}
  const services = buildServices(base, roads, people, store, directory, sessions)
  const ports: Ports = {
    ...services,
    deployment,
    health: { ready: () => readiness(base.db.pool, mail) },
    metrics: metricsOf(base, () => mail, options.metricsToken, started),
  }
  const url = options.url ?? `http://${options.host}:${options.port}`
  const ending = new AbortController()
  const app = createApp(ports, {
    url,
    ending: ending.signal,
    secureCookies: url.startsWith('https:'),
    log,
    clock,
    isAway,
    ...(options.demo ? { demo: options.demo } : {}),
  })
  const listening = await listen(app, options.port, options.host).catch((error) => {
    throw whyNotListening(error, options)
  })
  started.push(() => listening.close())
  const realUrl = options.url ?? `http://${options.host}:${listening.port}`
  if (options.runJobs ?? true) mail = await runJobs(base, roads, services.incidents, store, options, realUrl, started)
  // The first of all to be ended: whoever would ask now asks another node.
  started.push(async () => {
    ending.abort()
    void listening.close()
  })
  const admin = seeded && { login: seeded.person.login, password: seeded.password }
  return { url: realUrl, port: listening.port, people, admin }
}

/** What everything else stands on. */
interface Base {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  /** To the other nodes and from them. */
  readonly channel: Channel
  readonly clock: Clock
  readonly log: Log
  readonly figures: Figures
  /** The company's own address. */
  readonly mailbox: string
  /** Who that is sealed for which belongs to no client. */
  fallback(): Holder
}

async function openBase(options: ServerOptions): Promise<Base> {
  const { databaseUrl, definition, masterKey: key, mail, clock, log, calls = noCalls } = options
  checkSecrets(definition, calls)
  const { check } = masterKey(key)
  const db = openDatabase(databaseUrl, (error) => log.warn(describeError(error), 'a database connection was lost'))
  try {
    await waitForDatabase(async () => {
      // Before anything is changed: with the wrong key it may be the wrong database.
      await checkMasterKey(db.pool, key)
      await migrate(databaseUrl)
    }, log)
    await keepMasterCheck(db.pool, check)
    await checkMasterKey(db.pool, key)
    const vault = new Vault(await openKeyring(db.pool, key))
    const versions = new Versions(db)
    await adopt(versions, options)
    const nobodysKey = await keptKey(db.pool, nobody, vault.newKey(nobody).wrapped)
    const fallback = () => vault.holder(nobody, nobodysKey, {})
    const figures = createFigures()
    const channel = new Channel(db, log)
    const mailbox = addressIn(mail?.from ?? 'office@localhost')
    return { db, vault, versions, channel, clock, log, figures, mailbox, fallback }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** Makes the files of the folder run, where they say something else than what runs. */
async function applyAtStart({ definition, clock, log }: ServerOptions, parts: ApplyParts): Promise<void> {
  if (parts.versions.applied.hash === definitionHash(definition)) return
  const wish = { by: { kind: 'system' }, now: clock.now(), newCasesOnly: false, actor: 'start' } as const
  const { moved } = await applyDefinition(definition, parts, wish).catch((error) => {
    throw error instanceof Refusal ? new OperatorError(error.because, { cause: error }) : error
  })
  log.info({ moved }, 'the workspace in the folder runs now, and open cases go on by it')
}

/** What runs is what was applied last; files that say otherwise are named, and change nothing. */
async function adopt(
  versions: Versions,
  { definition, log, clock, applyAtStart, calls = noCalls }: ServerOptions,
): Promise<void> {
  if ((await versions.adopt(definition, clock.now())) || applyAtStart) return
  checkSecrets(versions.definition(), calls)
  const { hash, at } = versions.applied
  log.warn(
    { hash, at },
    'the workspace in the folder is not the one that runs: `zgoda plan` shows the difference, `zgoda apply` makes it run',
  )
}

interface Roads {
  readonly road: Road
  readonly clientRoad: ClientRoad
  readonly changes: ChangeHub
  readonly numbers: Numbers
  readonly applying: ApplyParts
}

function buildRoads(base: Base, directory: Directory, sessions: PortalSessions): Roads {
  const changes = new ChangeHub(base.versions)
  const personName = (id: string) => directory.name(id)
  const postman = createPostman({ ...base, personName })
  const courier = createCourier(base.vault, base.fallback)
  const { decisions, groupSize, groupSeconds } = base.figures
  const figures: RoadFigures = {
    decided: (process, outcome) => decisions.add(process, outcome),
    grouped: (size, seconds) => {
      groupSize.observe(size)
      groupSeconds.observe(seconds)
    },
  }
  const changed = (caseId: string, process: string) => {
    changes.tell(process, caseId)
    base.channel.changed(caseId, process)
  }
  const parts = { ...base, personName, postman, courier, figures, changed }
  const clientRoad = new ClientRoad({
    ...parts,
    announce: (db, clientId) => notify(db, written({ erased: clientId })),
    erased: (clientId) => sessions.forget(clientId),
  })
  const road = new Road({ ...parts, wide: (happening) => clientRoad.happen(happening) })
  const announce = (db: pg.PoolClient, hash: string) => notify(db, written({ definition: hash }))
  return { road, clientRoad, changes, applying: { ...parts, announce }, numbers: new Numbers(base.db) }
}

/** People and sessions, as all nodes have them together. */
function sharedStore({ db, vault, channel }: Base): IdentityStore {
  const kept = identityStore(db.knex, (key) => vault.master.lookup('failed try', key))
  return announced(kept, (changedOf) => channel.tell({ changedOf }))
}

/** What this node does when another has changed what it may have at hand. */
function hearing(
  { vault, versions, log }: Base,
  { changes }: Roads,
  directory: Directory,
  signedIn: readonly { forgetRead(): void }[],
): Hearing {
  const forgetSessions = () => {
    for (const sessions of signedIn) sessions.forgetRead()
  }
  const refreshVersions = () => {
    versions.refresh().catch((error) => log.debug(describeError(error), 'could not look which definition runs'))
  }
  const refreshNames = () => {
    directory.refresh().catch((error) => log.debug(describeError(error), 'names of people could not be read anew'))
  }
  return {
    onChange: (process, caseId) => changes.tell(process, caseId),
    onDefinition: refreshVersions,
    onErased: (clientId) => {
      vault.forget(clientId)
      forgetSessions()
    },
    onIdentity: (changed) => {
      forgetSessions()
      if (changed === 'people') refreshNames()
    },
    onMissed: () => {
      refreshVersions()
      vault.forgetAll()
      forgetSessions()
      refreshNames()
      changes.reload()
    },
  }
}

/** How clients come in. A code is handed out for a client who is there, by one who may see their card. */
function portalSessions({ db, vault, versions, clock }: Base, store: IdentityStore): PortalSessions {
  const clientExists = async (id: string) => (await loadClient(db.pool, id))?.erasedAt === null
  return new PortalSessions({
    store,
    clock,
    linkKey: vault.master.links,
    clientExists,
    mayIssueCode: async (by, id) => {
      if (!cardRights(by, versions.definition()).has('see') || !(await clientExists(id))) throw noSuchClient()
    },
  })
}

function buildServices(
  base: Base,
  { road, clientRoad, changes, numbers, applying }: Roads,
  people: People,
  store: IdentityStore,
  directory: Directory,
  sessions: PortalSessions,
): Omit<Ports, 'health' | 'deployment' | 'metrics'> & { readonly incidents: IncidentService } {
  const { db, versions, clock } = base
  const personName = (id: string) => directory.name(id)
  const cases = new CaseService({ ...base, numbers, road, staff: directory, personName })
  const clients = new ClientService({ ...base, road: clientRoad, cases, personName })
  return {
    identity: people,
    workspace: workspaceOf(versions, directory, clock),
    cases,
    bulk: createBulk({ ...base, cases }),
    clients,
    portal: createPortal({ sessions, cases, road, versions }),
    notifications: new NotificationService(db, versions),
    inbox: new InboxService(base),
    incidents: new IncidentService({ ...base, personName, changed: applying.changed }),
    hooks: new HookService({ ...base, store, road, personName }),
    changes,
  }
}

const noCalls: CallSettings = { allow: new Set(), secret: () => undefined }

/** Sends letters, calls webhooks, fires timers, starts cases, renders documents, reads the mailbox. */
async function runJobs(
  base: Base,
  { road, numbers, applying }: Roads,
  incidents: IncidentService,
  store: IdentityStore,
  { mail, calls = noCalls }: ServerOptions,
  url: string,
  started: (() => Promise<void>)[],
): Promise<MailEnds> {
  const sender = mail?.smtpUrl
    ? createSender({ smtpUrl: mail.smtpUrl, from: mail.from, ...(mail.dkim ? { dkim: mail.dkim } : {}) })
    : undefined
  const greeted = sender?.verify().then((answer) => {
    if (!answer.ok) base.log.warn({ because: answer.because }, 'letters do not go out yet')
  })
  started.push(async () => {
    await greeted
    sender?.close()
  })
  const jobs = {
    letters: lettersJob({ ...base, sender, url, settled: (status) => base.figures.letters.add(status) }),
    call: callJob({ ...base, calls }),
    timer: timerJob(road),
    start: startJob({ ...base, road, numbers }),
    ended: endedJob(base.db, road),
    document: documentJob(base),
    message: messageJob({
      ...base,
      road,
      trustedAuthserv: mail?.trustedAuthserv,
      judged: (kind) => base.figures.messages.add(kind),
    }),
    tidy: tidyJob(store, base.db, base.clock),
    stragglers: stragglersJob({ ...base, ...applying }),
  }
  const worker = await startWorker(base.db, counted(jobs, base.figures), base.log, (failure) => incidents.open(failure))
  started.push(() => worker.stop())
  const ends = sender ? { sender } : {}
  if (!mail?.imapUrl) return ends
  const receiver = receive(mail.imapUrl, mail.imapMailbox, base)
  const turn = new Turn(base.db, `reading of ${mail.imapMailbox}`, base.log, receiver)
  started.push(() => turn.stop())
  turn.start()
  return { ...ends, mailbox: { ours: () => turn.ours, status: () => receiver.status() } }
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'])

function metricsOf(
  { db, clock, figures }: Base,
  mail: () => MailEnds,
  token: string | undefined,
  started: (() => Promise<void>)[],
): Metrics {
  const incidents = () => countOpenIncidents(db.pool)
  const collector = new Collector(figures, { db, clock, version, mail, incidents })
  started.push(async () => collector.close())
  return {
    ...(token ? { token } : {}),
    text: () => collector.text(),
    request: (sent, route, status, seconds) => {
      // Whoever asks chooses the method: only those that mean something here become a label.
      const method = methods.has(sent) ? sent : 'other'
      figures.requests.add(method, route, String(status))
      figures.requestSeconds.observe(seconds, method, route)
    },
  }
}

function whyNotListening(error: unknown, { host, port }: ServerOptions): unknown {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is taken by another program: stop that one, or choose another with ZGODA_PORT`,
    EACCES: `port ${port} on ${host} needs more rights than this process has: choose another with ZGODA_PORT`,
    EADDRNOTAVAIL: `ZGODA_HOST is no address of this machine: \`${host}\``,
    ENOTFOUND: `ZGODA_HOST is no address and no name that is known: \`${host}\``,
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return why[code] ? new OperatorError(why[code], { cause: error }) : error
}

/** What is wrong with the first person is wrong with a setting. */
function namingSetting(error: unknown): never {
  if (!(error instanceof Refusal) || !error.fields?.[0]) throw error
  throw new OperatorError(`ZGODA_ADMIN_${error.fields[0].toUpperCase()} does not do. ${error.because}`, {
    cause: error,
  })
}

function receive(imapUrl: string, mailbox: string, base: Base): Receiver {
  const { pool } = base.db
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
    take: (message) => takeIn(message, base),
    log: base.log,
  })
}

function workspaceOf(versions: Versions, staff: Staff, clock: Clock): Ports['workspace'] {
  return {
    definition: () => versions.definition(),
    people: async (by, process) =>
      by.kind === 'client'
        ? []
        : peopleFor(
            staff,
            versions.definition(),
            process === undefined ? undefined : versions.current(process)?.process,
          ),
    processes: (by) => versions.processes(by),
    startFields: (by, process, consents = {}) => startFields(versions, by, process, consents, clock.now()),
  }
}

/** A database that is away at the start is waited for, with a word in the log; any other failure is final. */
async function waitForDatabase(work: () => Promise<void>, log: Log): Promise<void> {
  for (let delay = 250; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error)) throw forOperator(error)
      log.warn(describeError(error), 'the database does not answer yet; trying again')
      await pause(delay)
    }
  }
}

function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from.trim()
}
