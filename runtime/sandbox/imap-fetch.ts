import addressparser from 'nodemailer/lib/addressparser'
import { headerFields, headerLength } from './header.ts'
import type { Argument } from './imap-input.ts'
import type { Delivered } from './mailboxes.ts'

/** What a FETCH may ask of one letter. */
export interface FetchSubject {
  readonly letter: Delivered
  readonly flags: ReadonlySet<string>
  /** Reads the letter once, however often it is asked. */
  raw(): Promise<Buffer>
}

interface Item {
  /** Whether asking for it marks the letter as seen. */
  readonly marksSeen: boolean
  /** The item's name and value as they go over the wire. */
  answer(subject: FetchSubject): Promise<readonly (string | Buffer)[]>
}

const macros: Readonly<Record<string, readonly string[]>> = {
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
}

/** The items of a FETCH (RFC 3501 §6.4.5); `undefined` where one is unknown here. BODYSTRUCTURE is. */
export function fetchItems(asked: Argument | undefined, withUid: boolean): readonly Item[] | undefined {
  const words = typeof asked === 'string' ? (macros[asked.toUpperCase()] ?? [asked]) : (asked ?? [])
  const names = words.filter((word) => typeof word === 'string')
  if (names.length === 0 || names.length !== words.length || names.length > 50) return undefined
  if (withUid && !names.some((name) => name.toUpperCase() === 'UID')) names.unshift('UID')
  const items = names.map(item)
  return items.includes(undefined) ? undefined : (items as Item[])
}

function item(name: string): Item | undefined {
  const upper = name.toUpperCase()
  const simple = (answer: (subject: FetchSubject) => string): Item => ({
    marksSeen: false,
    answer: async (subject) => [`${upper} ${answer(subject)}`],
  })
  switch (upper) {
    case 'UID':
      return simple(({ letter }) => String(letter.uid))
    case 'FLAGS':
      return simple(({ flags }) => `(${[...flags].join(' ')})`)
    case 'INTERNALDATE':
      return simple(({ letter }) => `"${internalDate(letter.at)}"`)
    case 'RFC822.SIZE':
      return simple(({ letter }) => String(letter.size))
    case 'ENVELOPE':
      return { marksSeen: false, answer: async (subject) => [`ENVELOPE ${envelope(await subject.raw())}`] }
    default:
      return body(upper)
  }
}

/** `BODY[…]` and `BODY.PEEK[…]`: the whole letter, its header, some of its fields, or its text. */
function body(name: string): Item | undefined {
  const [, kind, section = '', offset, length] =
    /^(BODY|BODY\.PEEK)\[([^\]]*)\](?:<(\d{1,10})\.(\d{1,10})>)?$/.exec(name) ?? []
  if (!kind) return undefined
  const select = selection(section)
  if (!select) return undefined
  const label = `BODY[${section}]${offset === undefined ? '' : `<${offset}>`}`
  return {
    marksSeen: kind === 'BODY',
    async answer(subject) {
      const whole = select(await subject.raw())
      const start = Number(offset ?? 0)
      const part = offset === undefined ? whole : whole.subarray(start, start + Number(length))
      return [`${label} {${part.length}}\r\n`, part]
    },
  }
}

function selection(section: string): ((raw: Buffer) => Buffer) | undefined {
  if (section === '') return (raw) => raw
  if (section === 'HEADER') return (raw) => raw.subarray(0, headerLength(raw))
  if (section === 'TEXT') return (raw) => raw.subarray(headerLength(raw))
  const [, not, list] = /^HEADER\.FIELDS(\.NOT)? \(([^()]+)\)$/.exec(section) ?? []
  if (!list) return undefined
  const names = new Set(list.toLowerCase().replaceAll('"', '').split(' '))
  return (raw) => {
    const fields = headerFields(raw).filter(({ name }) => names.has(name) !== Boolean(not))
    return Buffer.from(`${fields.map(({ text }) => `${text.replace(/(\r\n)+$/, '')}\r\n`).join('')}\r\n`, 'latin1')
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function internalDate(at: string): string {
  const date = new Date(at)
  const day = String(date.getUTCDate()).padStart(2, ' ')
  return `${day}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`
}

function envelope(raw: Buffer): string {
  const fields = headerFields(raw)
  const value = (name: string) => {
    const field = fields.find((each) => each.name === name)
    const text = field?.text.slice(field.text.indexOf(':') + 1)
    return text?.replace(/\r\n\s+/g, ' ').trim()
  }
  const from = addresses(value('from'))
  const parts = [
    text(value('date')),
    text(value('subject')),
    from,
    value('sender') ? addresses(value('sender')) : from,
    value('reply-to') ? addresses(value('reply-to')) : from,
    addresses(value('to')),
    addresses(value('cc')),
    addresses(value('bcc')),
    text(value('in-reply-to')),
    text(value('message-id')),
  ]
  return `(${parts.join(' ')})`
}

function addresses(value: string | undefined): string {
  const list = value ? addressparser(value, { flatten: true }) : []
  if (list.length === 0) return 'NIL'
  const entries = list.map(({ name, address }) => {
    const at = address.lastIndexOf('@')
    return `(${text(name || undefined)} NIL ${text(address.slice(0, at))} ${text(address.slice(at + 1))})`
  })
  return `(${entries.join('')})`
}

/** A string as IMAP writes it; a literal where it holds what a quoted string may not. */
function text(value: string | undefined): string {
  if (value === undefined) return 'NIL'
  if (/^[\x20-\x7e]*$/.test(value)) return `"${value.replace(/["\\]/g, '\\$&')}"`
  return `{${Buffer.byteLength(value, 'latin1')}}\r\n${value}`
}
