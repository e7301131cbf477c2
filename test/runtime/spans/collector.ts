import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '../../eventually.ts'

/** A span as a collector finds it in an OTLP request. */
export interface Found {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly from: bigint
  readonly to: bigint
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly failed: boolean
}

/** A collector of traces that takes OTLP over HTTP in JSON. */
export interface TestCollector {
  readonly url: string
  readonly bodies: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
  readonly resource: () => Readonly<Record<string, unknown>>
  spans(): readonly Found[]
  /** Waits for a span that fits. */
  span(what: string, fits: (span: Found) => boolean): Promise<Found>
  /** How it answers the next requests, in turn; what is answered so is not among its spans. */
  next(...answers: ((response: ServerResponse) => void)[]): void
  stop(): Promise<void>
}

export async function startCollector(port = 0): Promise<TestCollector> {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const answers: ((response: ServerResponse) => void)[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      headers.push(request.headers)
      const answer = answers.shift()
      if (answer) return answer(response)
      bodies.push(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const spans = () => bodies.flatMap(spansIn)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    bodies,
    headers,
    resource: () => attributesIn(JSON.parse(bodies[0] ?? '{}').resourceSpans[0].resource.attributes),
    spans,
    span: (what, fits) => eventually(`the span of ${what}`, async () => spans().find(fits)),
    next: (...more) => void answers.push(...more),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what came freely; a wrong shape fails an assertion
type Json = any

function spansIn(body: string): Found[] {
  return JSON.parse(body).resourceSpans.flatMap(({ scopeSpans }: Json) =>
    scopeSpans.flatMap(({ spans }: Json) =>
      spans.map((span: Json) => ({
        ...span,
        from: BigInt(span.startTimeUnixNano),
        to: BigInt(span.endTimeUnixNano),
        attributes: attributesIn(span.attributes),
        links: span.links ?? [],
        failed: span.status.code === 2,
      })),
    ),
  )
}

function attributesIn(attributes: Json[]): Found['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  )
}
