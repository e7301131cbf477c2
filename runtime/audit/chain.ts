import { createHmac, type KeyObject } from 'node:crypto'
import type { Chained } from '../store/audit.ts'

const genesis = Buffer.alloc(32)

/**
 * The hash of an entry, over all it says and the hash of the one before. Keyed: who can write to the database but has no
 * master key can not make a chain that holds.
 */
export function link(key: KeyObject, before: Buffer | undefined, entry: Chained): Buffer {
  const { seq, at, kind, actor, clients, entry: what, digests } = entry
  const said = JSON.stringify([seq, at, kind, actor, clients, what, digests?.toString('base64') ?? null])
  return createHmac('sha256', key)
    .update(before ?? genesis)
    .update(said)
    .digest()
}
