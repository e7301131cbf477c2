import type { RefusalCode, Refused } from './decision.ts'
import type { Place } from './definition.ts'

/** An answer that changes nothing; `because` is one sentence with the rule, its file and line, and what unblocks it. */
export function refuse(code: RefusalCode, because: string, at?: Place, fields?: readonly string[]): Refused {
  return { outcome: 'refused', code, because, ...(at && { at }), ...(fields && { fields }) }
}
