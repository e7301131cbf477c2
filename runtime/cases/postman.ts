import type { Effect } from '../../engine/decision.ts'
import type { Definition, Text } from '../../engine/definition.ts'
import { addressOf } from '../../engine/index.ts'
import { type Composed, compose } from '../mail/compose.ts'
import type { WriteSet } from '../store/write.ts'
import { currentTrace } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { byHand, type HandWritten, wordsByHand } from './letter-by-hand.ts'
import { type Matter, matterOf, stateOf } from './matter.ts'
import type { RunningProcess } from './versions.ts'

type LetterEffect = Extract<Effect, { type: 'letter' }>

/**
 * A letter as it lies in the vault: addressed when it was decided, its words settled by the case as it was then. They are
 * filled in when it is sent or shown, and kept as sent from then on.
 */
export interface KeptLetter {
  readonly to: string
  readonly language: string
  readonly documents: readonly string[]
  /** The case at the action that sent it: what templates may name of it, and no more. */
  readonly about: Matter
  /** Once it is sent. */
  readonly sent?: Composed
  /** In place of a template's words: those of somebody who works here. */
  readonly hand?: HandWritten
}

export function letterPlace(caseId: string, seq: number): string {
  return `letter ${caseId} ${seq}`
}

/** The words of a letter: as sent, or as they will be. Throws `TemplateError`. */
export function wordsOf(letter: KeptLetter, name: string, { definition, process }: RunningProcess): Composed {
  const { about, language, documents } = letter
  if (letter.sent) return letter.sent
  if (letter.hand) return wordsByHand(letter.hand)
  return compose(definition, name, { process, state: stateOf(about), language, documents })
}

export interface Postman {
  /**
   * Addresses a letter from the case as it was at that action, and adds it to the write, which queues it. The
   * `last` letter of a client, who is erased in the same decision, is sealed apart from the key that goes; it goes once sent.
   */
  post(
    set: WriteSet,
    loaded: LoadedCase,
    effect: LetterEffect,
    when: { readonly at: string; readonly last: boolean },
  ): void
}

/** Adds a letter that a person wrote to the write, which queues it like any other. */
export function postByHand(
  set: WriteSet,
  { row, state, running }: LoadedCase,
  holder: Holder,
  letter: { readonly seq: number; readonly at: string; readonly to: string; readonly purpose: string | undefined },
  hand: HandWritten,
  vault: Vault,
): void {
  const { caseId } = row
  const { seq, at, to, purpose = null } = letter
  const client_id = holder.clientId
  const about = matterOf(state, running.process, new Set(), (id) => id)
  const kept: KeptLetter = { to, language: row.client?.language ?? 'en', documents: [], about, hand }
  const trace = currentTrace() ?? null
  set.letters.push({
    case_id: caseId,
    seq,
    letter: byHand,
    client_id,
    purpose,
    status: 'waiting',
    because: null,
    at,
    trace,
  })
  const sealed = vault.sealRecord(holder, letterPlace(caseId, seq), kept).toString('base64')
  set.sealedLetters.push({ case_id: caseId, seq, client_id, sealed })
  for (const { id } of hand.files) set.used.push({ case_id: caseId, upload_id: id })
}

export interface PostmanParts {
  readonly vault: Vault
  /** Seals the letters of cases without a client. */
  fallback(): Holder
  /** The company's own mailbox, where letters to staff go. */
  readonly mailbox: string
  personName(id: string): string
}

export function createPostman({ vault, fallback, mailbox, personName }: PostmanParts): Postman {
  return {
    post(set, loaded, effect, { at, last }) {
      const { row, running } = loaded
      const { caseId } = row
      const { seq, letter } = effect
      const holder = (last ? undefined : loaded.holder) ?? fallback()
      const kept = address(loaded, effect, mailbox, personName)
      const client_id = last ? null : (row.client?.clientId ?? null)
      set.letters.push({
        case_id: caseId,
        seq,
        letter,
        client_id,
        purpose: running.definition.letters[letter]?.purpose ?? null,
        status: kept ? 'waiting' : 'skipped',
        because: kept ? null : 'there is no address to send it to',
        at,
        trace: currentTrace() ?? null,
      })
      if (!kept) return
      const sealed = vault.sealRecord(holder, letterPlace(caseId, seq), kept).toString('base64')
      set.sealedLetters.push({ case_id: caseId, seq, client_id, sealed })
    },
  }
}

function address(
  { row, running }: LoadedCase,
  effect: LetterEffect,
  company: string,
  personName: (id: string) => string,
): KeptLetter | undefined {
  const staff = effect.to.kind === 'role' || effect.to.kind === 'assignee'
  const to = staff ? company : addressOf(running, effect.state, effect.to)
  if (!to) return undefined
  const documents = effect.attach
  const named = wordsNamed(running.definition, effect.letter, documents)
  const about = matterOf(effect.state, running.process, named, personName)
  return { to, language: row.client?.language ?? 'en', documents, about }
}

const named = new WeakMap<Definition, Map<string, ReadonlySet<string>>>()

/** Every word of the templates: more than the fields they name, never fewer. */
function wordsNamed(definition: Definition, letter: string, attach: readonly string[]): ReadonlySet<string> {
  const known = named.get(definition) ?? new Map<string, ReadonlySet<string>>()
  named.set(definition, known)
  const key = [letter, ...attach].join(' ')
  let words = known.get(key)
  if (!words) {
    const template = definition.letters[letter]
    const documents = attach.flatMap((name) => definition.documents[name] ?? [])
    const texts: (Text | undefined)[] = [
      template?.subject,
      template?.body,
      ...documents.flatMap(({ title, body }) => [title, body]),
    ]
    words = new Set(
      texts.flatMap((text) => Object.values(text ?? {})).flatMap((text) => text.match(/[a-z][a-z0-9_]*/g) ?? []),
    )
    known.set(key, words)
  }
  return words
}
