import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { headerFields } from './header.ts'
import type { Delivered, Mailboxes } from './mailboxes.ts'

/** A delivered letter as a mail program shows it. */
export interface Letter {
  readonly id: number
  /** The address that received it. */
  readonly mailbox: string
  readonly at: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The HTML part as it came: to be shown in a closed frame alone. */
  readonly html: string | undefined
  readonly attachments: readonly Attachment[]
  /** By name in lower case; repeated fields on lines of their own. */
  readonly headers: Readonly<Record<string, string>>
  readonly messageId: string | undefined
  readonly references: readonly string[]
  /** Where an answer goes: Reply-To, else From. */
  readonly answerTo: string
  /** The receiver's name, as the letter's sender wrote it. */
  readonly receiverName: string | undefined
}

export interface Attachment {
  readonly name: string
  readonly type: string
  readonly content: Buffer
}

/** Bytes of letters kept in memory. */
const mostKept = 64 * 1024 * 1024

/** Reads letters, and keeps those read last: pages and tests ask for the same ones over and over. */
export class LetterReader {
  readonly #mailboxes: Mailboxes
  readonly #kept = new Map<number, Letter>()
  #size = 0

  constructor(mailboxes: Mailboxes) {
    this.#mailboxes = mailboxes
  }

  async read(delivered: Delivered): Promise<Letter> {
    const kept = this.#kept.get(delivered.id)
    if (kept) return kept
    const letter = await parse(delivered, await this.#mailboxes.read(delivered))
    // Another reader may have parsed it meanwhile; its size counts once.
    if (!this.#kept.has(delivered.id)) this.#size += delivered.size
    this.#kept.set(delivered.id, letter)
    while (this.#size > mostKept) this.#forgetOldest()
    return letter
  }

  #forgetOldest(): void {
    const [id] = this.#kept.keys()
    if (id === undefined) return
    this.#kept.delete(id)
    this.#size -= this.#mailboxes.get(id)?.size ?? 0
  }
}

/** A letter that cannot be parsed is shown as it came. */
async function parse(delivered: Delivered, raw: Buffer): Promise<Letter> {
  const parsed = await simpleParser(raw).catch(() => undefined)
  const { id, mailbox, at } = delivered
  const from = addressesOf(parsed?.from)
  const to = addressesOf(parsed?.to)
  const answerTo = addressesOf(parsed?.replyTo)[0]?.address ?? from[0]?.address ?? ''
  return {
    id,
    mailbox,
    at,
    from: from.map(({ address }) => address).join(', '),
    to: to.map(({ address }) => address).join(', ') || mailbox,
    subject: parsed?.subject ?? '',
    text: parsed ? (parsed.text ?? '') : raw.toString('utf8'),
    html: parsed?.html || undefined,
    attachments: attachmentsOf(parsed),
    headers: headersOf(raw),
    messageId: parsed?.messageId,
    references: [parsed?.references ?? []].flat(),
    answerTo,
    receiverName: to.find(({ address }) => address.toLowerCase() === mailbox)?.name || undefined,
  }
}

function addressesOf(field: AddressObject | AddressObject[] | undefined): { name: string; address: string }[] {
  return [field ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ name, address: address ?? '' }))
    .filter(({ address }) => address !== '')
}

function attachmentsOf(parsed: ParsedMail | undefined): readonly Attachment[] {
  return (parsed?.attachments ?? [])
    .filter(({ related }) => !related)
    .map(({ filename, contentType, content }) => ({ name: filename ?? 'attachment', type: contentType, content }))
}

function headersOf(raw: Buffer): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null)
  for (const { name, text } of headerFields(raw)) {
    const value = Buffer.from(text.slice(text.indexOf(':') + 1).replace(/\r\n\s+/g, ' '), 'latin1')
      .toString('utf8')
      .trim()
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}\n${value}`
  }
  return headers
}
