import { Agent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'

/** Where spans go: an OTLP/HTTP endpoint for traces. */
export interface CollectorAddress {
  readonly url: string
  /** May hold a secret. */
  readonly headers: Readonly<Record<string, string>>
}

/** What became of one request: `again` where the same may be taken later, `refused` where it never will be. */
export type Sent =
  | { readonly outcome: 'taken'; readonly rejected: number }
  | { readonly outcome: 'again'; readonly because: string; readonly after: number | undefined }
  | { readonly outcome: 'refused'; readonly because: string }

export interface Collector {
  /** Never throws. */
  send(body: string, signal: AbortSignal): Promise<Sent>
  close(): void
}

/** The statuses that OTLP says to try again after (OTLP 1.9, “Retryable Response Codes”). */
const passing = new Set([429, 502, 503, 504])
const largestAnswer = 64 * 1024

export function createCollector({ url, headers }: CollectorAddress): Collector {
  const secure = url.startsWith('https:')
  const agent = secure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  const request = secure ? secureRequest : plainRequest
  return {
    async send(body, signal) {
      try {
        const sent = request(url, {
          method: 'POST',
          agent,
          signal,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Zgoda',
          },
        })
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          sent.once('response', resolve)
          sent.on('error', reject)
          sent.end(body)
        })
        return sentOf(response, await textOf(response))
      } catch (error) {
        return { outcome: 'again', because: troubleOf(error), after: undefined }
      }
    },
    close: () => agent.destroy(),
  }
}

function sentOf({ statusCode = 0, headers }: IncomingMessage, text: string): Sent {
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'taken', rejected: rejectedIn(text) }
  const because = `it answered ${statusCode}`
  if (!passing.has(statusCode)) return { outcome: 'refused', because }
  return { outcome: 'again', because, after: secondsOf(headers['retry-after']) }
}

/** An answer that is longer than one needs to be is cut off. */
async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > largestAnswer) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** How many spans of a request that was taken were left out all the same. */
function rejectedIn(text: string): number {
  try {
    return Number(JSON.parse(text)?.partialSuccess?.rejectedSpans ?? 0) || 0
  } catch {
    return 0
  }
}

function secondsOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  const seconds = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

/** In words of our own: Node's may quote the address. */
function troubleOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return code === 'ABORT_ERR' || code === '23' || code === '20'
    ? 'it did not answer in time'
    : `it can not be reached (${code})`
}
