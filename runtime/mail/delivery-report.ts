import type { Reason } from '../reasons.ts'
import type { Message } from './parse.ts'

/** What a mail server reports of a letter of ours (RFC 3464, RFC 5965). Quotes nothing of it: it may name people. */
export interface DeliveryReport {
  readonly kind: 'failed' | 'delayed' | 'delivered' | 'complaint'
  /** RFC 3463: `5.1.1`. */
  readonly code?: string
  /** Whether it says that no letter can reach the address, and not only this letter or not just now. */
  readonly hard: boolean
  /** For whom it speaks, in lower case; empty where it does not say. */
  readonly recipients: readonly string[]
}

/** Bytes of a report that are read, and recipients in it. */
const most = { bytes: 64_000, groups: 50 }

const statusParts = new Set(['message/delivery-status', 'message/global-delivery-status'])

/** Reads the report within a message that `bounceSign` has known as one; one in words alone says little, and is never hard. */
export function deliveryReport(message: Message): DeliveryReport | undefined {
  const content = (types: ReadonlySet<string>) =>
    message.attachments
      .find(({ type }) => types.has(type))
      ?.content.subarray(0, most.bytes)
      .toString('utf8')
  const feedback = content(new Set(['message/feedback-report']))
  if (feedback !== undefined) {
    const wanted = /^feedback-type:\s*not-spam/im.test(feedback)
    return wanted ? undefined : { kind: 'complaint', hard: false, recipients: [] }
  }
  const status = content(statusParts)
  return status === undefined ? inWords(message) : ofGroups(groupsIn(status))
}

type Group = Readonly<Record<string, string>>

/** Groups of fields, one a recipient after the first, which is of the message. */
function groupsIn(text: string): Group[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .slice(0, most.groups)
    .map((group) =>
      Object.fromEntries(
        group.split('\n').flatMap((line) => {
          const field = /^([\w-]{1,60}):\s*(.*)$/.exec(line)
          return field ? [[(field[1] as string).toLowerCase(), (field[2] as string).trim()]] : []
        }),
      ),
    )
}

function ofGroups(groups: readonly Group[]): DeliveryReport | undefined {
  const word = ({ action }: Group) => /^[a-z]+/i.exec(action ?? '')?.[0].toLowerCase()
  for (const kind of ['failed', 'delayed'] as const) {
    const said = groups.filter((group) => word(group) === kind)
    const [first] = said
    if (!first) continue
    const code = codeOf(first)
    const recipients = said.flatMap(({ 'final-recipient': final, 'original-recipient': original }) =>
      [final, original].flatMap((text) => (text ? addressIn(text) : [])),
    )
    return { kind, ...(code ? { code } : {}), hard: kind === 'failed' && isHard(code), recipients }
  }
  const delivered = groups.some((group) => ['delivered', 'relayed', 'expanded'].includes(word(group) ?? ''))
  return delivered ? { kind: 'delivered', hard: false, recipients: [] } : undefined
}

const anyCode = /\b([245]\.\d{1,3}\.\d{1,3})\b/

/** The receiving server's own code says more than the general one (`5.0.0`) that some programs put over it. */
function codeOf({ status, 'diagnostic-code': diagnostic }: Group): string | undefined {
  const general = anyCode.exec(status ?? '')?.[1]
  const own = /^smtp/i.test(diagnostic ?? '') ? anyCode.exec(diagnostic as string)?.[1] : undefined
  return own && (!general || (/\.0\.0$/.test(general) && own[0] === general[0])) ? own : general
}

function addressIn(text: string): string[] {
  const address = text
    .slice(text.indexOf(';') + 1)
    .trim()
    .replace(/^<|>$/g, '')
    .toLowerCase()
  return address.includes('@') ? [address] : []
}

/** Not where the mailbox is full, the letter is too large or can't be read, or their server does not want it: another may arrive. */
function isHard(code = ''): boolean {
  return code.startsWith('5.') && !/^5\.(?:2\.[23]|3\.4|6\.\d+|7\.\d+)$/.test(code)
}

function inWords(message: Message): DeliveryReport {
  const late = /delay|still being|warning|opóźni/i.test(message.subject)
  const code = anyCode.exec(message.text.slice(0, 20_000))?.[1]
  const fits = code && code[0] !== '2'
  return { kind: late ? 'delayed' : 'failed', ...(fits ? { code } : {}), hard: false, recipients: [] }
}

/** What a status code says, for a clerk. */
export function meaning(code: string | undefined): Reason {
  const [, subject = '', detail = ''] = code?.split('.') ?? []
  return details[`${subject}.${detail}`] ?? subjects[subject] ?? 'undeliverable'
}

const details: Readonly<Record<string, Reason>> = {
  '1.0': 'addressUnknown',
  '1.1': 'addressUnknown',
  '1.2': 'addressUnknown',
  '1.3': 'addressUnknown',
  '1.6': 'mailboxMoved',
  '1.10': 'addressMute',
  '2.1': 'mailboxClosed',
  '2.2': 'mailboxFull',
  '2.3': 'letterLarge',
  '3.4': 'letterLarge',
  '4.4': 'serverUnknown',
  '4.7': 'notInTime',
}
const subjects: Readonly<Record<string, Reason>> = {
  '1': 'addressWrong',
  '2': 'mailboxWrong',
  '3': 'serverWrong',
  '4': 'serverAway',
  '6': 'serverCant',
  '7': 'serverRefuses',
}
