import { addDuration } from './calendar.ts'
import type { Definition, Purpose } from './definition.ts'
import { own } from './named.ts'
import { restsOnConsent } from './reach.ts'

/** A value that a case holds, and what for. Held for no purpose, it only waits to go. */
export interface Held {
  readonly field: string
  readonly purposes: readonly string[]
}

/** What limits are counted from. Times as RFC 3339. */
export interface Counted {
  /** When the case ended; undefined while it is open. */
  readonly endedAt: string | undefined
  /** Since when each consent that stands was given. */
  readonly given: Readonly<Record<string, string>>
}

/** What has to go now, and when something will have to next. */
export interface Lapse {
  /** Fields held for nothing any more. */
  readonly erase: readonly string[]
  /** Fields that are held for fewer purposes from now on. */
  readonly narrow: readonly Held[]
  /** Undefined where nothing has a limit yet. */
  readonly next: string | undefined
}

const never = undefined

/**
 * What the limits of purposes (`keep`) come to for the values of a case (GDPR Art. 5(1)(e)): each is held for a purpose until its limit,
 * and goes with the last of them. Once a case has ended, a purpose that rests on consent holds nothing without it.
 */
export function lapse(definition: Definition, held: readonly Held[], counted: Counted, now: string): Lapse {
  const limits = (purposes: readonly string[]) =>
    purposes.map((name) => ({ name, until: limitOf(definition, name, counted) }))
  const erase: string[] = []
  const narrow: Held[] = []
  const ahead: string[] = []
  for (const { field, purposes } of held) {
    const live = limits(purposes).filter(({ until }) => until === never || isAfter(until, now))
    if (live.length === 0) erase.push(field)
    else if (live.length < purposes.length) narrow.push({ field, purposes: live.map(({ name }) => name) })
    ahead.push(...live.flatMap(({ until }) => until ?? []))
  }
  return { erase, narrow, next: earliest(ahead) }
}

/** When the last of these purposes has had its time; undefined where one of them has no limit, or there is none. */
export function lastLimit(definition: Definition, purposes: readonly string[], counted: Counted): string | undefined {
  const limits = purposes.map((name) => limitOf(definition, name, counted))
  if (limits.length === 0 || limits.includes(undefined)) return undefined
  return (limits as string[]).reduce((one, other) => (isAfter(one, other) ? one : other))
}

function limitOf(definition: Definition, name: string, counted: Counted): string | undefined {
  const purpose = own(definition.purposes, name)
  const { endedAt } = counted
  if (endedAt !== undefined && (!purpose || !stands(purpose, counted))) return endedAt
  const keep = purpose?.keep
  if (!keep) return never
  if ('until' in keep) return endedAt
  const from = keep.after === 'end' ? endedAt : own(counted.given, name)
  return from === undefined ? never : addDuration(from, keep.for, definition.hours)
}

function stands(purpose: Purpose, { given }: Counted): boolean {
  return !restsOnConsent(purpose) || own(given, purpose.name) !== undefined
}

function isAfter(one: string, other: string): boolean {
  return Date.parse(one) > Date.parse(other)
}

function earliest(times: readonly string[]): string | undefined {
  return times.length === 0 ? undefined : times.reduce((one, other) => (isAfter(one, other) ? other : one))
}
