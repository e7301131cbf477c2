import type { ConsentStatus, Definition } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import type { ConsentSummary } from '../store/cases.ts'

/**
 * How a client's latest decision about a purpose stands by a definition. A yes to an earlier version of the purpose was said to other
 * words or a narrower use, so it has expired (GDPR Art. 6(4), 7); a no stays one.
 */
export function standing(
  { purposes }: Definition,
  purpose: string,
  { status, version }: ConsentSummary,
): ConsentStatus {
  const now = own(purposes, purpose)?.version ?? version
  return status === 'given' && version < now ? 'expired' : status
}
