import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../refusal.ts'

/** Bytes. */
export const largestJson = 1024 * 1024
export const largestForm = 256 * 1024
const mostFormFields = 500

/** The whole body as text. Throws `Refusal` `too-large` past `limit` bytes, `invalid-body` where it is not UTF-8. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const body = await readBytes(request, limit)
  if (!isUtf8(body)) throw new Refusal('invalid-body', 'The body is not UTF-8 text.')
  return body.toString('utf8')
}

/** By events: an async iterator costs more than all the rest of a small request. */
function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
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
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = mediaType(request)
  const text = await readText(request, largestJson)
  if (text === '') return undefined
  if (type !== 'application/json') {
    throw new Refusal('invalid-body', 'The body must be JSON, sent with `Content-Type: application/json`.')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid-body', 'The body is not valid JSON.')
  }
}

/** The fields of a page's form, as sent by a browser without scripts. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (mediaType(request) !== 'application/x-www-form-urlencoded') {
    throw new Refusal('invalid-body', 'A form must be sent as `application/x-www-form-urlencoded`.')
  }
  const form = new URLSearchParams(await readText(request, largestForm))
  if (form.size > mostFormFields) throw new Refusal('too-large', `A form has at most ${mostFormFields} fields.`)
  return form
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
