import { ClientRoad } from './cases/client-road.ts'
import { createCourier } from './cases/courier.ts'
import { isProved } from './cases/erasure-proof.ts'
import { createPostman } from './cases/postman.ts'
import { Versions } from './cases/versions.ts'
import type { Clock } from './clock.ts'
import { isId } from './ids.ts'
import { checkMasterKey, openKeyring } from './keyring.ts'
import { OperatorError } from './operator-error.ts'
import { noSpans } from './spans/spans.ts'
import type { Database } from './store/database.ts'
import type { StoredErasure } from './store/erasure.ts'
import { keptKey } from './store/keys.ts'
import { migrate } from './store/migrate.ts'
import { nobody, Vault } from './vault/vault.ts'

export interface Replayed {
  /** Clients whom the backup had brought back. */
  readonly erased: number
  readonly erasedBefore: number
  /** Clients from after the backup. */
  readonly absent: number
  /** Numbers of lines that are no record of this database's: nothing was done for them. */
  readonly unproved: readonly number[]
}

/** Erases again everybody whose erasure is on record: a line of JSON each, as `zgoda export erasures` writes them. */
export async function replayErasures(
  db: Database,
  lines: AsyncIterable<string>,
  { masterKey, clock }: { readonly masterKey: string; readonly clock: Clock },
): Promise<Replayed> {
  await checkMasterKey(db.pool, masterKey)
  // A backup may be of an older version.
  await migrate(db.url)
  const vault = new Vault(await openKeyring(db.pool, masterKey))
  const road = await clientRoad(db, vault, clock)
  const counts = { erased: 0, erasedBefore: 0, absent: 0 }
  const unproved: number[] = []
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    const record = recordIn(line)
    if (!record || !isProved(record, record.proof, vault.master)) {
      unproved.push(number)
      continue
    }
    const outcome = await road.replay(record)
    counts[outcome === 'erased before' ? 'erasedBefore' : outcome] += 1
  }
  return { ...counts, unproved }
}

/** The road alone: no job runs, and nothing goes out. */
async function clientRoad(db: Database, vault: Vault, clock: Clock): Promise<ClientRoad> {
  const versions = new Versions(db)
  if (!(await versions.refresh())) {
    throw new OperatorError('this database holds no workspace: restore the backup into it first')
  }
  const key = await keptKey(db.pool, nobody, vault.newKey(nobody).wrapped)
  const mailbox = versions.definition().company?.email ?? 'office@localhost'
  const drafting = { vault, mailbox, fallback: () => vault.holder(nobody, key, {}), personName: (id: string) => id }
  return new ClientRoad({
    ...drafting,
    db,
    versions,
    postman: createPostman(drafting),
    courier: createCourier(vault, drafting.fallback),
    clock,
    spans: noSpans,
    changed: () => undefined,
    announce: async () => undefined,
    erased: async () => undefined,
  })
}

/** Nothing where the line is no record. */
function recordIn(line: string): StoredErasure | undefined {
  try {
    const { clientId, at, actor, counts, proof } = JSON.parse(line)
    const sound =
      isId(String(clientId)) &&
      !Number.isNaN(Date.parse(at)) &&
      [at, actor, proof].every((text) => typeof text === 'string') &&
      typeof counts === 'object' &&
      counts !== null
    return sound ? { clientId, at, actor, counts, proof } : undefined
  } catch {
    return undefined
  }
}
