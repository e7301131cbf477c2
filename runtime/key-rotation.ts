import type pg from 'pg'
import { checkMasterKey } from './keyring.ts'
import { OperatorError } from './operator-error.ts'
import {
  beginRotation,
  dropRotation,
  endRotation,
  keysAfter,
  loadKeyring,
  rotating,
  serversConnected,
  storeRewrapped,
} from './store/keyring.ts'
import { loadMasterCheck } from './store/keys.ts'
import { rewrapped } from './vault/client-key.ts'
import {
  derivedSecrets,
  type MasterKey,
  masterKey,
  newSecrets,
  openSecrets,
  type Secrets,
  sealSecrets,
  withSecrets,
} from './vault/master-key.ts'

const batch = 500

export interface RotationOptions {
  readonly databaseUrl: string
  /** The master key so far, and the one that takes its place. */
  readonly from: string
  readonly to: string
  /** Whether links to the portal in letters already sent end. */
  readonly endLinks?: boolean
  /** Told after each batch. */
  progress?(keys: number): void
}

export interface Rotated {
  /** How many keys this run wrapped anew; fewer than there are where an earlier run was cut short. */
  readonly keys: number
  readonly linksEnded: boolean
}

/**
 * Puts another master key in place of the one so far. Every key is wrapped anew under a fresh secret, in batches: a run that
 * was cut short is ended by the next. No server may run meanwhile. What letters and look-ups are known by stays, sealed under
 * the new key. Answers nothing where it was done before.
 */
export async function rotateMasterKey(options: RotationOptions): Promise<Rotated | undefined> {
  const { from, to } = options
  if (masterKey(from).check.equals(masterKey(to).check)) {
    throw new OperatorError('the new master key is the old one: `openssl rand -hex 32` makes another')
  }
  const rotated = await rotating(options.databaseUrl, async (db) => ({ result: await rotate(db, options) }))
  if (rotated) return rotated.result
  throw new OperatorError('another `zgoda key rotate` is under way on this database: let it end')
}

async function rotate(db: pg.Client, options: RotationOptions): Promise<Rotated | undefined> {
  const { from, to } = options
  const made = await loadMasterCheck(db)
  if (made?.equals(masterKey(to).check)) return undefined
  if (!made) throw new OperatorError('this database holds nothing yet: start the server with the new key')
  if (!(await loadKeyring(db))?.next) await begin(db, options)
  const ring = await loadKeyring(db)
  if (!ring?.next) throw new Error('the rotation was not begun')
  if (!made.equals(masterKey(from).check) || !ring.next.check.equals(masterKey(to).check)) {
    throw new OperatorError(
      'a change of the master key was begun with other keys than these: end it with those, then begin the next',
    )
  }
  await refuseServers(db)
  const secrets = openSecrets(masterKey(from), ring.sealed)
  const next = openSecrets(masterKey(to), ring.next.sealed)
  const keys = await rewrapAll(db, withSecrets(masterKey(from), secrets), withSecrets(masterKey(to), next), {
    after: ring.next.rewrapped,
    progress: (count) => options.progress?.(count),
  })
  await endRotation(db)
  return { keys, linksEnded: !next.links.equals(secrets.links) }
}

async function begin(db: pg.Client, { from, to, endLinks }: RotationOptions): Promise<void> {
  await checkMasterKey(db, from)
  const ring = await loadKeyring(db)
  if (!ring) {
    throw new OperatorError(
      'an older version of Zgoda made this database: start the server of this version once, with the old key, and stop it',
    )
  }
  const secrets = openSecrets(masterKey(from), ring.sealed)
  const next = masterKey(to)
  const sealed = sealSecrets(next, following(secrets, derivedSecrets(from), endLinks ?? false))
  await beginRotation(db, { sealed, check: next.check })
}

/** A link opens a portal: one that follows from the old master key ends with it. A letter's reference opens nothing. */
function following(secrets: Secrets, derived: Secrets, endLinks: boolean): Secrets {
  const { wrapping, links } = newSecrets()
  const ends = endLinks || secrets.links.equals(derived.links)
  return { ...secrets, wrapping, links: ends ? links : secrets.links }
}

/** Looked for after the beginning, from where on none can start: so none slips in between. */
async function refuseServers(db: pg.Client): Promise<void> {
  if ((await serversConnected(db)) === 0) return
  await dropRotation(db)
  throw new OperatorError('a server runs on this database: stop every node, then change the master key')
}

async function rewrapAll(
  db: pg.Client,
  from: MasterKey,
  to: MasterKey,
  { after, progress }: { readonly after: string | null; progress(keys: number): void },
): Promise<number> {
  let count = 0
  for (let last = after; ; ) {
    const keys = await keysAfter(db, last, batch)
    if (keys.length === 0) return count
    await storeRewrapped(
      db,
      keys.map(({ clientId, wrapped }) => ({ clientId, wrapped: rewrapped(clientId, wrapped, from, to) })),
    )
    last = keys.at(-1)?.clientId ?? null
    count += keys.length
    progress(count)
  }
}
