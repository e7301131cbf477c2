import { AsyncLocalStorage } from 'node:async_hooks'
import { randomFillSync } from 'node:crypto'

/**
 * What belongs together across request, decision and job: a trace id in the sense of W3C Trace Context, 32 hexadecimal
 * digits. It comes with a request or is drawn here, stands in every log line, and goes on with jobs and calls to others.
 */
export type Trace = string

/** A place in a trace: within one of its spans, where those are recorded by us or by whoever called. */
export interface Place {
  readonly trace: Trace
  readonly span?: string
  /** Whether whoever began the trace records it; undefined where nobody has said. */
  readonly sampled?: boolean
}

const current = new AsyncLocalStorage<Place | undefined>()

/** Runs `work`, and all that it sets off, as part of this trace; of none where it is undefined. */
export function inTrace<T>(at: Place | Trace | undefined, work: () => T): T {
  return current.run(typeof at === 'string' ? { trace: at } : at, work)
}

export function currentTrace(): Trace | undefined {
  return current.getStore()?.trace
}

export function currentPlace(): Place | undefined {
  return current.getStore()
}

const header = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/

/** Where a `traceparent` header stands, else the beginning of a new trace. */
export function placeFrom(traceparent: string | undefined): Place {
  const [, trace, span, flags] = (traceparent !== undefined && header.exec(traceparent)) || []
  // All zeros and version `ff` are no trace (Trace Context, section 3.2.2).
  if (!trace || !span || !flags || traceparent?.startsWith('ff') || /^0+$/.test(trace) || /^0+$/.test(span))
    return { trace: newTrace() }
  return { trace, span, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** The trace that a `traceparent` header names, else a new one. */
export function traceFrom(traceparent: string | undefined): Trace {
  return placeFrom(traceparent).trace
}

/** The `traceparent` header of a call to another server, as part of this trace. */
export function traceparent(at: Place | Trace): string {
  const { trace, span, sampled }: Place = typeof at === 'string' ? { trace: at } : at
  return `00-${trace}-${span ?? newSpan()}-${sampled === false ? '00' : '01'}`
}

export function newTrace(): Trace {
  return drawn(16)
}

export function newSpan(): string {
  return drawn(8)
}

const pool = Buffer.alloc(4_096)
let used = pool.length

/** Random bytes in hexadecimal; drawn many at a time, which costs a fraction. */
function drawn(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** What a job is to carry of the present place: the trace, and whether and in which span it is recorded, where that is known. */
export function carried(): string | undefined {
  const at = current.getStore()
  if (at?.sampled === undefined) return at?.trace
  return `${at.trace}-${at.span ?? ''}-${at.sampled ? '01' : '00'}`
}

/** What a job is given to do, with the place that it is added at. */
export function withTrace<T extends object>(payload: T): T & { readonly trace?: string } {
  const trace = carried()
  return trace === undefined ? payload : { ...payload, trace }
}

const carriedForm = /^([^-]+)(?:-([0-9a-f]{16})?-(0[01]))?$/

/** Where a job was added, as its payload says. */
export function placeIn(payload: unknown): Place | undefined {
  if (typeof payload !== 'object' || payload === null || !('trace' in payload)) return undefined
  const [, trace, span, flags] = (typeof payload.trace === 'string' && carriedForm.exec(payload.trace)) || []
  if (!trace) return undefined
  return { trace, ...(span && { span }), ...(flags && { sampled: flags === '01' }) }
}
