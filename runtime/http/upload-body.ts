import type { IncomingMessage } from 'node:http'
import { Refusal } from '../refusal.ts'
import { isText, mediaType, mostFormFields, noText, readBytes, readForm } from './request-body.ts'

/** Bytes of a form with files: those of a letter, and its words. */
const largestUpload = 12 * 1024 * 1024
const mostFiles = 10

export interface SentForm {
  readonly fields: URLSearchParams
  readonly files: readonly { readonly name: string; readonly content: Buffer }[]
}

/** A form that may bring files, as a browser sends it; an input for files that was left empty brings none. */
export async function readUploadForm(request: IncomingMessage): Promise<SentForm> {
  if (mediaType(request) !== 'multipart/form-data') return { fields: await readForm(request), files: [] }
  const body = await readBytes(request, largestUpload)
  const form = await parsed(body, request.headers['content-type'] ?? '')
  const fields = new URLSearchParams()
  const files: { name: string; content: Buffer }[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.append(name, value)
    else if (value.size > 0) files.push({ name: value.name, content: Buffer.from(await value.arrayBuffer()) })
  }
  if (fields.size > mostFormFields) throw new Refusal('too-large', `A form has at most ${mostFormFields} fields.`)
  if (files.length > mostFiles) throw new Refusal('too-large', `A form takes at most ${mostFiles} files.`)
  if ([...fields].flat().some((words) => !isText(words))) throw noText('The form')
  return { fields, files }
}

async function parsed(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch {
    throw new Refusal('invalid-body', 'The form can not be read: send it again from its page.')
  }
}
