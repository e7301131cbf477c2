import type { Caller } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import type { Database } from '../store/database.ts'
import { findRequest } from '../store/requests.ts'
import type { MasterKey } from '../vault/master-key.ts'

/** A request that its caller may repeat: under the same key it is carried out once. */
export interface RepeatableRequest {
  readonly caller: string
  readonly key: string
  readonly bodyHash: Buffer
}

/** Of its body a keyed hash is kept: a plain one would let a guess at somebody's name be tried. */
export function repeatable(
  by: Caller,
  key: string | undefined,
  body: object,
  master: MasterKey,
): RepeatableRequest | undefined {
  if (key === undefined) return undefined
  const caller = by.kind === 'staff' ? `staff:${by.person.id}` : `client:${by.clientId}`
  return { caller, key, bodyHash: master.lookup('request', JSON.stringify(body)) }
}

/** The id that an earlier request with this key was about. Throws `key-reused` where that one asked for something else. */
export async function doneBefore(db: Database, request: RepeatableRequest | undefined): Promise<string | undefined> {
  if (!request) return undefined
  const found = await findRequest(db.pool, request.caller, request.key)
  if (found && !found.bodyHash.equals(request.bodyHash)) {
    throw new Refusal(
      'key-reused',
      'this `Idempotency-Key` was used for another request: take a new one for each request',
    )
  }
  return found?.subjectId
}
