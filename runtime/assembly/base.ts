import { setTimeout as pause } from 'node:timers/promises'
import { Looks } from '../audit/looks.ts'
import { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { checkMasterKey, openKeyring } from '../keyring.ts'
import { describeError, type Log } from '../log.ts'
import { createFigures, type Figures } from '../metrics/figures.ts'
import { Channel } from '../nodes/channel.ts'
import type { Spans } from '../spans/spans.ts'
import { type Database, isAway, openDatabase } from '../store/database.ts'
import { keepMasterCheck, keptKey } from '../store/keys.ts'
import { migrate } from '../store/migrate.ts'
import { forOperator } from '../store/refused.ts'
import { masterKey } from '../vault/master-key.ts'
import { type Holder, nobody, Vault } from '../vault/vault.ts'
import { checkSecrets } from '../webhooks/secrets.ts'
import { noCalls, type ServerOptions } from './options.ts'
import { tracingOf } from './spans.ts'

/** What everything else stands on. */
export interface Base {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  /** To the other nodes and from them. */
  readonly channel: Channel
  readonly clock: Clock
  readonly log: Log
  readonly figures: Figures
  /** Writes down who was shown whose data. */
  readonly looks: Looks
  readonly spans: Spans
  /** The company's own address. */
  readonly mailbox: string
  /** Who that is sealed for which belongs to no client. */
  fallback(): Holder
}

/** Each part that has to be ended goes into `started` as soon as it stands. */
export async function openBase(options: ServerOptions, started: (() => Promise<void>)[]): Promise<Base> {
  const { databaseUrl, definition, masterKey: key, mail, clock, log, calls = noCalls } = options
  checkSecrets(definition, calls)
  const { check } = masterKey(key)
  const figures = createFigures()
  const { spans, stop } = tracingOf(options.traces, figures, log)
  // The last of all to be ended: what ends before may leave spans.
  started.push(stop)
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
    const channel = new Channel(db, log)
    const mailbox = addressIn(mail?.from ?? 'office@localhost')
    const looks = new Looks({ db, clock })
    return { db, vault, versions, channel, clock, log, figures, spans, looks, mailbox, fallback }
  } catch (error) {
    await db.close()
    throw error
  }
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
