import { lookup as resolve } from 'node:dns'
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { reasonOf } from '../reasons.ts'
import { isOutside } from './outside.ts'

/** Why a call was not made, or got no answer. The sentence follows the webhook's name. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure'
  /** Whether trying again is of no use until somebody has changed something. */
  readonly final: boolean

  constructor(because: string, final: boolean) {
    super(because)
    this.final = final
  }
}

export interface Answer {
  readonly status: number
  /** The `Retry-After` header, as sent. */
  readonly retryAfter: string | undefined
}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `host:port` of what lies inside and may be called all the same, also over plain http. */
  readonly allow: ReadonlySet<string>
  /** Milliseconds for the whole, from the look-up of the name to the end of the answer. */
  readonly patience: number
}

/** Bytes of an answer that are waited for; they are not looked at. */
const largestAnswer = 64 * 1024

/** Posts a body to an address of the internet, or to one that is allowed. Follows no redirect. Throws `CallFailure`. */
export async function post(what: Post): Promise<Answer> {
  const url = checked(what)
  const options = {
    method: 'POST',
    headers: { ...what.headers, 'content-length': String(Buffer.byteLength(what.body)) },
    lookup: what.allow.has(placeOf(url)) ? undefined : outsideOnly,
    signal: AbortSignal.timeout(what.patience),
  }
  // Agents of our own: the shared ones keep connections, and may go through a proxy that the environment names.
  const request =
    url.protocol === 'https:'
      ? secureRequest(url, { ...options, agent: new SecureAgent() })
      : plainRequest(url, { ...options, agent: new Agent() })
  return answerTo(request, what)
}

/** `host:port`, as the setting writes it. */
export function placeOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

/** The address, where it may be called as far as it can be told without looking its name up. */
function checked({ url: text, allow }: Post): URL {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new CallFailure(reasonOf('noWebAddress'), true)
  if (url.username || url.password) throw new CallFailure(reasonOf('addressWithSecret'), true)
  if (allow.has(placeOf(url))) return url
  if (url.protocol === 'http:') throw new CallFailure(reasonOf('plainHttp', { place: placeOf(url) }), true)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  // A name that is an address already is never looked up.
  if (isIP(host) && !isOutside(host)) throw inside(placeOf(url))
  return url
}

function inside(place: string): CallFailure {
  return new CallFailure(reasonOf('inside', { place }), true)
}

/**
 * Looks a name up for the very connection that is then made, so that no second answer of the name server can lead elsewhere.
 * One address inside is enough to refuse them all.
 */
const outsideOnly: LookupFunction = (host, options, answer) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, [])
    if (addresses.length === 0 || addresses.some(({ address }) => !isOutside(address)))
      return answer(Object.assign(new Error('inside'), { code: 'INSIDE' }), [])
    const [first] = addresses
    if (options.all || !first) answer(null, addresses)
    else answer(null, first.address, first.family)
  })
}

function answerTo(request: ClientRequest, { url, body, patience }: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined
    request.on('response', (response) => {
      answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }
      void ended(response).then(() => request.destroy())
    })
    request.on('error', (error) => {
      if (!answer) reject(failureOf(error, url, patience))
    })
    request.on('close', () => {
      if (answer) resolve(answer)
    })
    request.end(body)
  })
}

/** Waits for the end of an answer, or until more has come than an answer needs. */
function ended(response: IncomingMessage): Promise<void> {
  let length = 0
  return new Promise((resolve) => {
    response.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > largestAnswer) resolve()
    })
    response.on('close', resolve)
    response.on('error', () => resolve())
  })
}

/** In words of our own: what Node says may quote the address, which may hold a token. */
function failureOf(error: Error, url: string, patience: number): CallFailure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  if (code === 'INSIDE') return inside(placeOf(new URL(url)))
  if (code === 'ABORT_ERR' || error.name === 'AbortError')
    return new CallFailure(reasonOf('silent', { seconds: patience / 1000 }), false)
  return new CallFailure(reasonOf('unreachable', { code }), false)
}
