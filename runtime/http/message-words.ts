import type { MessageView } from './ports.ts'
import type { Word } from './words.ts'

/** What a clerk has to know of a message at a glance. */
export type MessageKind =
  | 'counted'
  | 'reading'
  | 'away'
  | 'automatic'
  | 'bounce'
  | 'forged'
  | 'stranger'
  | 'unchanged'
  | 'many'
  | 'spam'
  | 'unreadable'
  | 'kept'

const awayWords =
  /out[- ]of[- ](?:the[- ])?office|\booo\b|away from|vacation|annual leave|on leave|on holiday|urlop|nieobecno|nieobecn[ya]|poza biurem|abwesen|absence|fuera de la oficina/i

export function kindOf(message: MessageView): MessageKind {
  if (message.counted) return 'counted'
  switch (message.class) {
    case 'auto-reply':
      return isAway(message) ? 'away' : 'automatic'
    case 'bounce':
      return 'bounce'
    case 'list':
      return 'many'
    case 'spam':
      return 'spam'
    case 'malformed':
      return 'unreadable'
    default:
      if (message.reading) return 'reading'
      return byCode[message.why?.code ?? ''] ?? 'kept'
  }
}

/** RFC 3834 calls an answer that a machine gives for somebody `auto-replied`; nearly all of these say that they are away. */
function isAway({ why, content }: MessageView): boolean {
  if (/auto-replied|vacation|out-?of-?office/i.test(why?.of?.name ?? '')) return true
  return awayWords.test(`${content?.subject} ${content?.own.slice(0, 500)}`)
}

/** By the code of the reason why a person's message did not count. */
const byCode: Readonly<Record<string, MessageKind>> = {
  forged: 'forged',
  notProved: 'forged',
  notChecked: 'forged',
  sendersNotOne: 'forged',
  ownMailbox: 'forged',
  lookalike: 'forged',
  stranger: 'stranger',
  onBehalf: 'stranger',
  resent: 'stranger',
  changesNothing: 'unchanged',
}

/** Whether a machine sent it: shown small, since there is nothing in it to be answered. */
export function byMachine(kind: MessageKind): boolean {
  return ['away', 'automatic', 'bounce', 'many', 'spam'].includes(kind)
}

/** The line that says what it is, and what it means. */
export const headlines: Readonly<Record<Exclude<MessageKind, 'counted' | 'bounce'>, Word>> = {
  reading: 'messageReading',
  away: 'messageAway',
  automatic: 'messageAutomatic',
  forged: 'messageForged',
  stranger: 'messageStranger',
  unchanged: 'messageUnchanged',
  many: 'messageMany',
  spam: 'messageSpam',
  unreadable: 'messageUnreadable',
  kept: 'messageKept',
}

/** Why a letter did not arrive, by its mail server's code (RFC 3463 and the IANA registry of such codes). */
const deliveries: readonly (readonly [RegExp, Word])[] = [
  [/^4\./, 'deliveryLater'],
  [/^5\.1\.[0136]$|^5\.2\.1$/, 'deliveryMailbox'],
  [/^5\.1\.(?:2|10)$|^5\.4\.4$/, 'deliveryDomain'],
  [/^5\.2\.2$/, 'deliveryFull'],
  [/^5\.(?:2|3)\.[34]$/, 'deliveryLarge'],
  [/^5\.7\./, 'deliveryRefused'],
]

export function deliveryWord(code: string | undefined): Word {
  return deliveries.find(([pattern]) => pattern.test(code ?? ''))?.[1] ?? 'deliveryUnknown'
}
