import { timingSafeEqual } from 'node:crypto'
import type { MasterKey } from '../vault/master-key.ts'

/** That a client was erased: who asked for it, when, and how many rows of each kind went. Holds no personal data. */
export interface ErasureRecord {
  readonly clientId: string
  readonly at: string
  readonly actor: string
  readonly counts: Readonly<Record<string, number>>
}

/** By what this server knows a record as its own: nobody else can make one. */
export function proofOfErasure(record: ErasureRecord, master: MasterKey): string {
  return hashed(record, Object.keys(record.counts).toSorted(), master)
}

/** Whether the record is as it was made here. */
export function isProved(record: ErasureRecord, proof: string, master: MasterKey): boolean {
  const sorted = Object.keys(record.counts).toSorted()
  return [sorted, asDeleted].some((kinds) => same(hashed(record, kinds, master), proof))
}

/** Proofs of before they could be replayed count the kinds in the order in which they were deleted. */
const asDeleted = ['values', 'lookups', 'letters', 'messages', 'evidence', 'keys']

function hashed({ clientId, at, actor, counts }: ErasureRecord, kinds: readonly string[], master: MasterKey): string {
  const ordered = Object.fromEntries(kinds.map((kind) => [kind, counts[kind]]))
  return master.lookup('proof of erasure', JSON.stringify({ clientId, at, actor, counts: ordered })).toString('hex')
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
