import { parseAddressHeader, simpleParser } from 'mailparser'
import { signedContent } from './cms.ts'
import { htmlText } from './html-text.ts'

export interface Address {
  /** In lower case. */
  readonly address: string
  readonly name: string
}

/** A header field as it came: its name in lower case, its value unfolded and not decoded. */
export interface Header {
  readonly name: string
  readonly value: string
}

export interface IncomingFile {
  readonly name: string
  readonly type: string
  readonly content: Buffer
}

/** A message that came in, read. */
export interface Message {
  readonly malformed: false
  /** With its angle brackets, as `inReplyTo` and `references`; absent where the sender gave none. */
  readonly messageId?: string
  /** Of every `From` field, groups opened: more than one is nobody's. */
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly deliveredTo: readonly string[]
  readonly originalTo: readonly string[]
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  /** Message-IDs of the messages that a bounce or report gives back. */
  readonly returned: readonly string[]
  readonly subject: string
  /** RFC 3339, UTC: what the sender wrote in `Date`. */
  readonly date?: string
  /** Topmost first. */
  readonly headers: readonly Header[]
  /** In lower case: `multipart/report`. */
  readonly contentType: string
  /** The plain text, quotations marked with `>`; made of the HTML where there is no other. */
  readonly text: string
  readonly html?: string
  readonly attachments: readonly IncomingFile[]
  /** How its writer signed or enciphered it (RFC 8551, 3156): its words are those under the signature, or can not be read. */
  readonly sealing?: 'signed' | 'enciphered'
}

/** A message that can't be read; `because` tells a clerk why. */
export interface Malformed {
  readonly malformed: true
  readonly because: string
  readonly messageId?: string
  /** What could be read all the same. */
  readonly headers: readonly Header[]
}

export type Incoming = Message | Malformed

/** Bytes of a message, and lines (a file of that size has 340,000); header fields; addresses or ids in a field; attachments; characters of HTML. */
export const most = {
  bytes: 25 * 1024 * 1024,
  lines: 600_000,
  headers: 1000,
  items: 200,
  attachments: 200,
  html: 1_000_000,
}

export const tooLarge: Malformed = { malformed: true, because: 'the message is larger than 25 MiB', headers: [] }

/** Reads a raw message of at most 25 MiB. Never throws: what can't be read is `malformed`. */
export async function parse(raw: Buffer): Promise<Incoming> {
  if (raw.length > most.bytes) return tooLarge
  if (linesIn(raw) > most.lines) return unreadable('the message has more than 600,000 lines', [])
  try {
    const mail = await simpleParser(withLines(raw), options)
    const headers = (mail.headerLines ?? []).map(header)
    if (headers.length > most.headers) return unreadable('the message has more than 1000 header fields', headers)
    if (!headers.some(({ name }) => known.has(name))) return unreadable('this is no e-mail: it has no header', headers)
    if (mail.attachments.length > most.attachments) return unreadable('the message has too many parts', headers)
    return await unsealed(message(mail, headers))
  } catch {
    return unreadable('its form is broken, or too deep or too long to be read', [])
  }
}

function linesIn(raw: Buffer): number {
  let lines = 0
  for (let at = raw.indexOf(10); at >= 0 && lines <= most.lines; at = raw.indexOf(10, at + 1)) lines += 1
  return lines
}

/** Lines that end in a lone CR, as old mail stores have them, made readable. */
function withLines(raw: Buffer): Buffer {
  return raw.includes(10) || !raw.includes(13)
    ? raw
    : Buffer.from(raw.toString('latin1').replaceAll('\r', '\n'), 'latin1')
}

/** Embedded messages stay whole, so that their words are never taken for the sender's own. */
const options = {
  ignoreEmbedded: true,
  keepDeliveryStatus: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipHtmlToText: true,
  keepCidLinks: true,
  checksumAlgo: false as const,
}

/** A text with none of these is no e-mail. */
const known = new Set([
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'received',
  'return-path',
  'sender',
  'mime-version',
])

type Parsed = Awaited<ReturnType<typeof simpleParser>>

function message(mail: Parsed, headers: Header[]): Message {
  const ids = (name: string) => values(headers, name).flatMap(messageIds).slice(-most.items)
  const messageId = ids('message-id')[0]
  const html = typeof mail.html === 'string' ? mail.html.slice(0, most.html) : undefined
  const plain = (mail.text ?? '').replace(/\r\n?/g, '\n')
  const date = mail.headers.has('date') && mail.date && !Number.isNaN(mail.date.getTime()) ? mail.date : undefined
  return {
    malformed: false,
    ...(messageId ? { messageId } : {}),
    from: addresses(headers, 'from'),
    to: addresses(headers, 'to'),
    cc: addresses(headers, 'cc'),
    deliveredTo: values(headers, 'delivered-to').map(bareAddress).slice(0, most.items),
    originalTo: [...values(headers, 'x-original-to'), ...values(headers, 'envelope-to')]
      .map(bareAddress)
      .slice(0, most.items),
    inReplyTo: ids('in-reply-to'),
    references: ids('references'),
    returned: mail.attachments
      .flatMap(({ contentType, content }) => returnedIds(contentType, content))
      .slice(0, most.items),
    subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim(),
    ...(date ? { date: date.toISOString() } : {}),
    headers,
    contentType: /^[^;\s]*/.exec(value(headers, 'content-type') ?? '')?.[0].toLowerCase() || 'text/plain',
    text: plain.trim() === '' && html ? htmlText(html) : plain,
    ...(html ? { html } : {}),
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      name: (filename ?? '').slice(0, 255),
      type: contentType,
      content,
    })),
  }
}

const cmsTypes = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime'])
const signatures = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
])

/** What S/MIME or PGP holds: opened where it is only signed, named where it is enciphered. */
async function unsealed(message: Message): Promise<Message> {
  const { attachments, contentType, text } = message
  const opaque = attachments.find(({ type }) => cmsTypes.has(type))
  if (opaque && text.trim() === '') return opened(message, opaque.content)
  if (contentType === 'multipart/encrypted' || attachments.some(({ type }) => type === 'application/pgp-encrypted')) {
    return { ...message, text: '', sealing: 'enciphered' }
  }
  if (/^-----BEGIN PGP MESSAGE-----\s*$/m.test(text.slice(0, 5_000)))
    return { ...message, text: '', sealing: 'enciphered' }
  const clear = clearSigned(text)
  if (clear !== undefined) return { ...message, text: clear, sealing: 'signed' }
  const detached = contentType === 'multipart/signed' && attachments.some(({ type }) => signatures.has(type))
  return detached ? { ...message, sealing: 'signed' } : message
}

/** The message inside an opaque signature gives the words and files; who wrote to whom stays with the outer one. */
async function opened(outer: Message, sealed: Buffer): Promise<Message> {
  const content = signedContent(sealed)
  const mail = content && content.length <= most.bytes ? await simpleParser(withLines(content), options) : undefined
  if (!mail || mail.attachments.some(({ contentType }) => cmsTypes.has(contentType))) {
    return { ...outer, text: '', sealing: 'enciphered' }
  }
  if (mail.attachments.length > most.attachments) throw new Error('too many parts')
  const inner = message(mail, [])
  return {
    ...outer,
    text: inner.text,
    ...(inner.html ? { html: inner.html } : {}),
    attachments: [...inner.attachments, ...outer.attachments].slice(0, most.attachments),
    sealing: 'signed',
  }
}

/** Only what stands under the signature of a clear-signed text (RFC 9580 §7), its dashes unescaped. */
function clearSigned(text: string): string | undefined {
  const start = /^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n/m.exec(text)
  if (!start) return undefined
  const rest = text.slice(start.index + start[0].length)
  const end = rest.search(/^-----BEGIN PGP SIGNATURE-----/m)
  const blank = rest.search(/^[ \t]*$/m)
  if (end < 0 || blank < 0 || blank > end) return ''
  return rest.slice(blank, end).replace(/^- /gm, '').trim()
}

function unreadable(because: string, headers: Header[]): Malformed {
  const messageId = values(headers, 'message-id').flatMap(messageIds)[0]
  return { malformed: true, because, ...(messageId ? { messageId } : {}), headers: headers.slice(0, most.headers) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Header fields may be UTF-8 (RFC 6532); the library gives each byte as a letter. */
function asUtf8(line: string): string {
  if (!/[\x80-\xff]/.test(line)) return line
  try {
    return utf8.decode(Buffer.from(line, 'latin1'))
  } catch {
    return line
  }
}

function header({ key, line }: { key: string; line: string }): Header {
  return {
    name: key,
    value: asUtf8(line)
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n(?=[ \t])/g, '')
      .trim(),
  }
}

/** All values of a header field, topmost first. */
export function values(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value)
}

/** The topmost value of a header field. */
export function value(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value
}

function addresses(headers: readonly Header[], name: string): Address[] {
  return values(headers, name)
    .flatMap((line) => parseAddressHeader(line.slice(0, 64_000), { flatten: true }).value)
    .flatMap(({ address, name }) => (address ? [{ address: address.toLowerCase(), name: name ?? '' }] : []))
    .slice(0, most.items)
}

function bareAddress(text: string): string {
  return text.replace(/^<|>$/g, '').trim().toLowerCase()
}

function messageIds(text: string): string[] {
  return (
    text.slice(0, 64_000).match(/<[^<>\s]{1,500}>/g) ??
    text
      .trim()
      .split(/[\s,;]+/)
      .filter((id) => id.includes('@'))
      .map((id) => `<${id.replace(/[<>]/g, '')}>`)
  )
}

const returnedTypes = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global',
  'message/global-headers',
])

function returnedIds(type: string, content: Buffer): string[] {
  if (!returnedTypes.has(type)) return []
  const head =
    content
      .subarray(0, 64_000)
      .toString('latin1')
      .split(/\r?\n\r?\n/)[0] ?? ''
  const line = /^message-id:\s*(\S+)/im.exec(head)?.[1]
  return line ? messageIds(line) : []
}
