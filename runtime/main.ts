import { openBase } from './assembly/base.ts'
import { hearing } from './assembly/hearing.ts'
import { runJobs } from './assembly/jobs.ts'
import { metricsOf } from './assembly/metrics.ts'
import { noCalls, type ServerOptions } from './assembly/options.ts'
import { buildRoads } from './assembly/roads.ts'
import { buildServices, portalSessions, sharedStore } from './assembly/services.ts'
import { type ApplyParts, applyDefinition } from './cases/apply.ts'
import { DeploymentService } from './cases/deployment.ts'
import { everyRole } from './cases/rights.ts'
import { definitionHash } from './cases/versions.ts'
import type { Ports } from './http/ports.ts'
import { createApp, listen } from './http/server.ts'
import { Directory } from './identity/directory.ts'
import { People } from './identity/index.ts'
import { OperatorError } from './operator-error.ts'
import { type MailEnds, readiness } from './readiness.ts'
import { Refusal } from './refusal.ts'
import { isAway } from './store/database.ts'
import { inTurn } from './store/turns.ts'

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
  const base = await openBase(options, started)
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
    spans: base.spans,
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

/** Makes the files of the folder run, where they say something else than what runs. */
async function applyAtStart({ definition, clock, log }: ServerOptions, parts: ApplyParts): Promise<void> {
  if (parts.versions.applied.hash === definitionHash(definition)) return
  const wish = { by: { kind: 'system' }, now: clock.now(), newCasesOnly: false, actor: 'start' } as const
  const { moved } = await applyDefinition(definition, parts, wish).catch((error) => {
    throw error instanceof Refusal ? new OperatorError(error.because, { cause: error }) : error
  })
  log.info({ moved }, 'the workspace in the folder runs now, and open cases go on by it')
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
