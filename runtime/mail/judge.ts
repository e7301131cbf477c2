import type { Authentication } from './authenticate.ts'
import { automatic } from './automatic.ts'
import { ownWords } from './own-words.ts'
import { type Incoming, type Message, value, values } from './parse.ts'
import type { Reference } from './reference.ts'
import { looksLikeAddress, sameAddress } from './same-address.ts'
import { passedOn, seemsReply } from './thread.ts'
import { type Check, type Reasoning, type Why, whyInWords } from './why.ts'

export type MailClass = 'reply' | 'auto-reply' | 'bounce' | 'list' | 'spam' | 'new' | 'malformed'

/** What the server knows about a message beside its own text. */
export interface Facts {
  /** The letter it answers, where the mac holds (`findReference`). */
  readonly reference?: Reference
  readonly forgedReference: boolean
  /** It is itself a letter of ours: its own Message-ID is one that we made. */
  readonly ownLetter?: boolean
  /** That letter, where the server has sent it. */
  readonly letter?: {
    readonly name: string
    /** Every address of that client: the card's, the case's own, and the one the letter went to. */
    readonly addresses: readonly string[]
    /** How many answers have counted in that case within the last hour. */
    readonly answers?: number
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
  readonly why: Why
  /** `why` for a clerk, in English: why it counts or why it does not. Holds no address. */
  readonly because: string
  /** What was looked at, each with its result. */
  readonly checks: readonly Check[]
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
    const why: Why = { code: 'malformed', name: incoming.because }
    return verdict('malformed', why, [{ check: 'form', result: 'fails', why }], [])
  }
  const lines = ownWords(incoming.text)
  const machine = automatic(incoming, lines)
  const refused = refusal(incoming, facts)
  const checks = checksOf(incoming, facts, machine?.why, lines)
  if (machine) return { ...verdict(machine.class, { code: machine.class, of: machine.why }, checks, lines), ...letter }
  if (refused) return { ...verdict(classOf(incoming, facts, refused), refused, checks, lines), ...letter }
  const proof = facts.authentication?.why
  const why: Why = { code: 'counts', name: facts.letter?.name ?? '', ...(proof ? { of: proof } : {}) }
  return { ...verdict('reply', why, checks, lines), counts: true, ...letter }
}

function verdict(kind: MailClass, why: Why, checks: readonly Check[], lines: readonly string[]): Verdict {
  return { class: kind, counts: false, why, because: whyInWords(why, 'en'), checks, lines, text: lines.join('\n') }
}

/** What is kept beside a message of its verdict. */
export function reasoningOf({ why, checks, letter }: Verdict): Reasoning {
  return { why, checks, ...(letter ? { letter: letter.seq } : {}) }
}

/** What a person's message is that does not count. */
function classOf(message: Message, facts: Facts, { code }: Why): 'reply' | 'new' {
  if (code === 'ownCopy') return 'new'
  return facts.reference !== undefined || facts.forgedReference || seemsReply(message) ? 'reply' : 'new'
}

/** Why a person's message is not the client's own answer to a letter of ours; nothing where it is. */
function refusal(message: Message, facts: Facts): Why | undefined {
  return refusedLetter(message, facts) ?? refusedSender(message, facts) ?? refusedProof(message, facts)
}

function refusedLetter(message: Message, { reference, letter, forgedReference, ownLetter }: Facts): Why | undefined {
  if (ownLetter) return { code: 'ownCopy' }
  if (!reference) {
    if (forgedReference) return { code: 'forged' }
    return { code: seemsReply(message) ? 'noLetter' : 'newLetter' }
  }
  return letter ? undefined : { code: 'letterGone' }
}

function refusedSender(message: Message, { letter, mailbox }: Facts): Why | undefined {
  const { from, headers, subject } = message
  const sender = from[0]?.address
  if (from.length !== 1 || !sender || values(headers, 'from').length !== 1) return { code: 'sendersNotOne' }
  if (mailbox && sameAddress(sender, mailbox)) return { code: 'ownMailbox' }
  const known = letter?.addresses ?? []
  if (!known.some((address) => sameAddress(address, sender))) {
    const trick = known.some((address) => looksLikeAddress(address, sender))
    return { code: trick ? 'lookalike' : 'stranger', name: letter?.name ?? '' }
  }
  if (value(headers, 'resent-from') !== undefined) return { code: 'resent' }
  if (sentForThem(headers, sender)) return { code: 'onBehalf' }
  return passedOn(subject) ? { code: 'passedOn' } : undefined
}

/** Another hand sent it in the client's name: `Sender` (RFC 5322 §3.6.2) is not the one it is `From`. */
function sentForThem(headers: Message['headers'], from: string): boolean {
  return values(headers, 'sender').some((text) => {
    const address = (/<([^<>]*)>/.exec(text)?.[1] ?? text).trim()
    return address.includes('@') && !sameAddress(address, from)
  })
}

function refusedProof({ sealing }: Message, { authentication, letter }: Facts): Why | undefined {
  if (!authentication) return { code: 'notChecked' }
  if (!authentication.passes) return { code: 'notProved', of: authentication.why }
  if (sealing === 'enciphered') return { code: 'sealedWords' }
  return (letter?.answers ?? 0) >= mostAnswers ? { code: 'tooMany', name: String(mostAnswers) } : undefined
}

/** Answers of a case within an hour that count by themselves: no person writes as many, and two machines would go on for ever. */
const mostAnswers = 20

/** Each look, whatever came of the others: what is shown to a person, and kept as evidence. */
function checksOf(message: Message, facts: Facts, machine: Why | undefined, lines: readonly string[]): Check[] {
  const letter = refusedLetter(message, facts)
  const name = facts.letter?.name ?? ''
  const sender = facts.letter ? refusedSender(message, facts) : undefined
  const proof = facts.authentication
  return [
    { check: 'form', result: 'holds', why: { code: 'readable' } },
    machine
      ? { check: 'machine', result: 'fails', why: machine }
      : { check: 'machine', result: 'holds', why: { code: 'noMachine' } },
    letter
      ? { check: 'letter', result: 'fails', why: letter }
      : { check: 'letter', result: 'holds', why: { code: 'macHolds', name } },
    facts.letter
      ? { check: 'sender', result: sender ? 'fails' : 'holds', why: sender ?? { code: 'clientsAddress' } }
      : { check: 'sender', result: 'not made' },
    proof
      ? { check: 'proof', result: proof.passes ? 'holds' : 'fails', why: proof.why }
      : { check: 'proof', result: 'not made' },
    message.sealing === 'enciphered'
      ? { check: 'words', result: 'fails', why: { code: 'sealedWords' } }
      : lines.length > 0
        ? { check: 'words', result: 'holds', why: { code: 'wordsFound', name: String(lines.length) } }
        : { check: 'words', result: 'fails', why: { code: 'noWords' } },
  ]
}
