import { AsyncLocalStorage } from 'node:async_hooks'
import { randomFillSync } from 'node:crypto'

/**
 * What belongs together across request, decision and job: a trace id in the sense of W3C Trace Context, 32 hexadecimal
 * digits. It comes with a request or is drawn here, stands in every log line, and goes on with jobs and calls to others.
 */
export type Trace = string

const current = new AsyncLocalStorage<Trace | undefined>()

/** Runs `work`, and all that it sets off, as part of this trace; of none where it is undefined. */
export function inTrace<T>(trace: Trace | undefined, work: () => T): T {
  return current.run(trace, work)
}

export function currentTrace(): Trace | undefined {
  return current.getStore()
}

const header = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/

/** The trace that a `traceparent` header names, else a new one. */
export function traceFrom(traceparent: string | undefined): Trace {
  const named = traceparent === undefined ? undefined : header.exec(traceparent)?.[1]
  // All zeros and version `ff` are no trace (Trace Context, section 3.2.2).
  const valid = named !== undefined && !/^0+$/.test(named) && !traceparent?.startsWith('ff')
  return valid ? named : drawn(16)
}

/** The `traceparent` header of a call to another server, as part of this trace. */
export function traceparent(trace: Trace): string {
  return `00-${trace}-${drawn(8)}-01`
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

/** The trace that a job was added in, as its payload says. */
export function traceIn(payload: unknown): Trace | undefined {
  if (typeof payload !== 'object' || payload === null || !('trace' in payload)) return undefined
  return typeof payload.trace === 'string' ? payload.trace : undefined
}
