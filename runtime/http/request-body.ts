import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../refusal.ts'

/** Bytes. */
export const largestJson = 1024 * 1024
export const largestForm = 256 * 1024
export const mostFormFields = 500

/** The whole body as text. Throws `Refusal` `too-large` past `limit` bytes, `invalid-body` where it is not UTF-8. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const body = await readBytes(request, limit)
  if (!isUtf8(body)) throw new Refusal('invalid-body', 'The body is not UTF-8 text.')
  return body.toString('utf8')
}

/** Reads past a body that says nothing, of any kind. Throws `Refusal` `too-large` where it is longer than a form may be. */
export async function discardBody(request: IncomingMessage): Promise<void> {
  await readBytes(request, largestForm)
}

/** By events: an async iterator costs more than all the rest of a small request. */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      reject(new Refusal('too-large', `The body is larger than ${limit / 1024} KiB. Send less at a time.`))
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge()
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) {
        request.pause()
        tooLarge()
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const cut = () => reject(new Refusal('invalid-body', 'The body ended before it was whole. Send it again.'))
    request.on('aborted', cut)
    request.on('error', cut)
  })
}

/** A JSON body; `undefined` where there is none. */
export async function readJson(request: IncomingMessage, largest = largestJson): Promise<unknown> {
  const type = mediaType(request)
  const text = await readText(request, largest)
  if (text === '') return undefined
  if (type !== 'application/json') {
    throw new Refusal('invalid-body', 'The body must be JSON, sent with `Content-Type: application/json`.')
  }
  try {
    return suspect.test(text) ? JSON.parse(text, textOnly) : JSON.parse(text)
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('invalid-body', 'The body is not valid JSON.')
  }
}

/** How JSON may write what is in no text: U+0000, and halves of a pair. Only such a body is looked through. */
const suspect = /\\u(0000|d[89a-f])/i

function textOnly(name: string, value: unknown): unknown {
  if (!isText(name) || (typeof value === 'string' && !isText(value))) throw noText('The body')
  return value
}

/** Whether a string can be stored and sent as UTF-8; no database takes U+0000 in one. */
export function isText(words: string): boolean {
  return !words.includes('\0') && words.isWellFormed()
}

export function noText(where: string): Refusal {
  return new Refusal('invalid-body', `${where} holds characters that are no text (U+0000, or half of a pair).`)
}

/** Refuses a query that holds what is in no text. */
export function checkQueryText(query: string): void {
  if (query.includes('%00')) throw noText('The query')
}

/** The fields of a page's form, as sent by a browser without scripts. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (mediaType(request) !== 'application/x-www-form-urlencoded') {
    throw new Refusal('invalid-body', 'A form must be sent as `application/x-www-form-urlencoded`.')
  }
  const form = new URLSearchParams(await readText(request, largestForm))
  if (form.size > mostFormFields) throw new Refusal('too-large', `A form has at most ${mostFormFields} fields.`)
  if ([...form].flat().some((words) => !isText(words))) throw noText('The form')
  return form
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
