import type { Knex } from 'knex'
import type { Failures, IdentityStore } from '../identity/identity-store.ts'

interface FailuresRow {
  readonly key_hash: Buffer
  readonly failures: number
  readonly last_at: Date
}

/** Failed tries to get in (`migrations/008_failed_tries.ts`), under keys that `hide` makes unreadable. */
export function failuresOf(knex: Knex, hide: (key: string) => Buffer): Pick<IdentityStore, 'changeFailures'> {
  return {
    changeFailures: (keys, change) => {
      const hashes = new Map(keys.map((key) => [key, hide(key)]))
      return knex.transaction(async (db) => {
        const kept = await hold(db, [...hashes.values()])
        const rows = [...hashes].flatMap(([key, hash]) => {
          const row = kept.find((one) => one.key_hash.equals(hash))
          return row && row.failures > 0 ? [[key, { count: row.failures, last: row.last_at }] as const] : []
        })
        for (const { key, count, last } of change(new Map<string, Failures>(rows))) {
          await db('failed_tries')
            .where({ key_hash: hashes.get(key) })
            .update({ failures: count, last_at: last })
        }
      })
    },
  }
}

/** The rows, made where there were none, in one order for all: nobody else changes them until the transaction ends. */
async function hold(db: Knex.Transaction, hashes: readonly Buffer[]): Promise<FailuresRow[]> {
  const sorted = hashes.toSorted(Buffer.compare)
  const none = sorted.map((key_hash) => ({ key_hash, failures: 0, last_at: new Date(0) }))
  await db('failed_tries').insert(none).onConflict('key_hash').ignore()
  return db<FailuresRow>('failed_tries').whereIn('key_hash', sorted).orderBy('key_hash').forUpdate()
}

/** Clears away failures that count no more. */
export async function forgetFailures(knex: Knex, before: Date): Promise<void> {
  await knex('failed_tries').where('last_at', '<', before).delete()
}
