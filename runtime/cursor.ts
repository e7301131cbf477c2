import { isId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** Where a list goes on that gives ids. Throws `Refusal` `invalid-body` where it is none. */
export function idCursor(after: string | undefined): string | undefined {
  if (after === undefined || isId(after)) return after
  throw noCursor()
}

/** Where a list goes on that gives times. */
export function timeCursor(after: string | undefined): string | undefined {
  // To and fro, so that the 30th of February is none.
  if (after === undefined || (/^[1-9]\d{3}-/.test(after) && isSame(new Date(after), after))) return after
  throw noCursor()
}

/** Where a list goes on that counts its entries; 0 at its beginning. */
export function countCursor(after: string | undefined): number {
  if (after === undefined) return 0
  if (/^\d{1,9}$/.test(after)) return Number(after)
  throw noCursor()
}

function isSame(time: Date, text: string): boolean {
  return !Number.isNaN(time.getTime()) && time.toISOString() === text
}

function noCursor(): Refusal {
  return new Refusal('invalid-body', '`after` is no cursor of this list: give the `next` of the page before')
}
