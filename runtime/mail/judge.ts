import type { Authentication } from './authenticate.ts'
import { type Automatic, automatic } from './automatic.ts'
import { ownWords } from './own-words.ts'
import type { Incoming, Message } from './parse.ts'
import type { Reference } from './reference.ts'

export type MailClass = 'reply' | 'auto-reply' | 'bounce' | 'list' | 'spam' | 'new' | 'malformed'

/** What the server knows about a message beside its own text. */
export interface Facts {
  /** The letter it answers, where the mac holds (`findReference`). */
  readonly reference?: Reference
  readonly forgedReference: boolean
  /** That letter, where the server has sent it. */
  readonly letter?: {
    readonly name: string
    /** Every address of that client: the card's, the case's own, and the one the letter went to. */
    readonly addresses: readonly string[]
  }
  readonly authentication?: Authentication
  /** The company's own mailbox: what it sends itself answers nothing. */
  readonly mailbox?: string
}

export interface Verdict {
  /** What the message is. */
  readonly class: MailClass
  /** It is the client's own answer to `letter`. */
  readonly counts: boolean
  /** A sentence for a clerk: why it counts or why it does not. Holds no address. */
  readonly because: string
  /** The sender's own words: quotation, signature and greeting taken off, without empty lines. */
  readonly lines: readonly string[]
  readonly text: string
  /** The letter it answers, counted or not, so that it is shown in that case; never of a forged reference. */
  readonly letter?: Reference
}

/** Judges what came in. Pure: no look-up, no clock. */
export function judge(incoming: Incoming, facts: Facts): Verdict {
  const letter = facts.reference && facts.letter ? { letter: facts.reference } : {}
  if (incoming.malformed) {
    return { class: 'malformed', counts: false, because: `It can't be read: ${incoming.because}.`, lines: [], text: '' }
  }
  const lines = ownWords(incoming.text)
  const words = { lines, text: lines.join('\n'), ...letter }
  const machine = automatic(incoming)
  if (machine) return { class: machine.class, counts: false, because: sentence(machine), ...words }
  const refused = refusal(incoming, facts)
  const answers = facts.reference !== undefined || facts.forgedReference || seemsReply(incoming)
  if (refused) return { class: answers ? 'reply' : 'new', counts: false, because: refused, ...words }
  return {
    class: 'reply',
    counts: true,
    because: `It answers our letter \`${facts.letter?.name}\`, comes from an address of that client, and ${facts.authentication?.because}.`,
    ...words,
  }
}

function sentence({ class: kind, because }: Automatic): string {
  const what = { bounce: 'A bounce', 'auto-reply': 'An automatic answer', list: 'List mail', spam: 'Spam' }[kind]
  return `${what}: ${because}.`
}

/** Why a person's message is not the client's own answer to a letter of ours; nothing where it is. */
function refusal(message: Message, facts: Facts): string | undefined {
  const { reference, letter, authentication, mailbox } = facts
  const { from } = message
  const sender = from[0]?.address
  if (!reference) {
    if (facts.forgedReference) return 'The reference to a letter is not one that we made: it was changed or made up.'
    return seemsReply(message) ? 'It answers no letter of ours.' : 'It answers nothing: a new letter.'
  }
  if (!letter) return 'It refers to a letter that is no longer here.'
  if (from.length !== 1 || !sender) return 'It must name exactly one sender, and does not.'
  if (mailbox && sameAddress(sender, mailbox)) return 'It comes from our own mailbox.'
  if (!letter.addresses.some((address) => sameAddress(address, sender))) {
    return `It answers our letter \`${letter.name}\`, but its sender is none of that client's addresses.`
  }
  if (!authentication) return 'Whether its sender is true was not checked.'
  if (!authentication.passes) return `Its sender is not proved: ${authentication.because}.`
  return undefined
}

/** Without a reference of ours: a thread's headers, or a subject that answers. */
function seemsReply({
  inReplyTo,
  references,
  subject,
}: Pick<Message, 'inReplyTo' | 'references' | 'subject'>): boolean {
  if (inReplyTo.length > 0 || references.length > 0) return true
  return /^\s*(?:re|odp|aw|sv|antw|rif|ref)\s*(?:\[\d+\])?\s*:/i.test(subject)
}

function sameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}
