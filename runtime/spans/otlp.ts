import type { Place } from '../trace.ts'
import type { Ended } from './recorder.ts'
import { type Attributes, kinds } from './spans.ts'

/** Ended spans as the body of an OTLP request, in its JSON encoding: ids in hexadecimal, nanoseconds as text. */
export function otlpBody(resource: Attributes, scope: { name: string; version: string }, spans: readonly Ended[]) {
  return JSON.stringify({
    resourceSpans: [
      { resource: { attributes: attributesOf(resource) }, scopeSpans: [{ scope, spans: spans.map(spanOf) }] },
    ],
  })
}

const error = 2

function spanOf({ place, parent, name, kind, from, to, attributes, links, failed }: Ended) {
  return {
    traceId: place.trace,
    spanId: place.span,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(from),
    endTimeUnixNano: nanoseconds(to),
    attributes: attributesOf(attributes),
    ...(links.length === 0 ? {} : { links: links.map(linkOf) }),
    status: failed ? { code: error } : {},
  }
}

function linkOf({ trace, span }: Place) {
  return { traceId: trace, spanId: span }
}

function attributesOf(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: Attributes[string]) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

/** Microseconds are whole numbers that a number still holds; nanoseconds are not. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)}000`
}
