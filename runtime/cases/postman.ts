import type { Effect } from '../../engine/decision.ts'
import type { Definition, Process, Text } from '../../engine/definition.ts'
import { addressOf } from '../../engine/index.ts'
import { consentsToReach } from '../../engine/reach.ts'
import { purposesAskedBy } from '../consent/asking.ts'
import { type Composed, compose } from '../mail/compose.ts'
import { workspaceLanguage } from '../mail/languages.ts'
import { reasonOf } from '../reasons.ts'
import type { WriteSet } from '../store/write-set.ts'
import { carried } from '../trace.ts'
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
  /** Whether it goes to the client, and not to staff or to someone whom the case names; links of theirs are for them alone. */
  readonly toClient?: boolean
  readonly language: string
  readonly documents: readonly string[]
  /** The hash of the definition that it was decided under: its words are those. Absent of a letter of before that was kept. */
  readonly definition?: string
  /** The case at the action that sent it: what templates may name of it, and no more. */
  readonly about: Matter
  /** The version of each purpose whose consent an answer to it gives: what the answer agrees to. */
  readonly asks?: Readonly<Record<string, number>>
  /** Once it is sent. */
  readonly sent?: Composed
  /** In place of a template's words: those of somebody who works here. */
  readonly hand?: HandWritten
}

export function letterPlace(caseId: string, seq: number): string {
  return `letter ${caseId} ${seq}`
}

/** The words of a letter: as sent, or as they will be by the version it was decided under. Throws `TemplateError`. */
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
  letter: {
    readonly seq: number
    readonly at: string
    readonly to: string
    /** Not where the address was typed: whose it is, only the writer knows. */
    readonly toClient: boolean
    readonly purpose: string | undefined
  },
  hand: HandWritten,
  vault: Vault,
): void {
  const { caseId } = row
  const { seq, at, to, toClient, purpose = null } = letter
  const client_id = holder.clientId
  const about = matterOf(state, running.process, new Set(), (id) => id)
  const language = row.client?.language ?? workspaceLanguage(running.definition)
  const definition = running.definitionHash
  const kept: KeptLetter = { to, toClient, language, documents: [], definition, about, hand }
  const trace = carried() ?? null
  set.letters.push({
    case_id: caseId,
    seq,
    letter: byHand,
    client_id,
    purpose,
    status: 'waiting',
    because: null,
    at,
    names: [],
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
        because: kept ? null : reasonOf('noAddress'),
        at,
        names: kept ? namesByConsent(kept.about, running) : [],
        trace: carried() ?? null,
      })
      if (!kept) return
      const sealed = vault.sealRecord(holder, letterPlace(caseId, seq), kept).toString('base64')
      set.sealedLetters.push({ case_id: caseId, seq, client_id, sealed })
    },
  }
}

/** The fields named that are in reach by a consent alone: a letter with their values stops where it is withdrawn. */
function namesByConsent({ values }: Matter, { definition, process }: RunningProcess): string[] {
  return Object.keys(values).filter((name) => {
    const field = process.fields[name]
    return field !== undefined && consentsToReach(definition, field) !== undefined
  })
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
  const toClient = isClient(effect.to, running.process)
  const language = (staff ? undefined : row.client?.language) ?? workspaceLanguage(running.definition)
  const asks = asksOf(running, effect.letter)
  return { to, toClient, language, documents, definition: running.definitionHash, about, ...(asks && { asks }) }
}

function isClient(to: LetterEffect['to'], { fields }: Process): boolean {
  if (to.kind === 'field') return fields[to.field]?.type.kind === 'client email'
  return to.kind === 'client'
}

function asksOf({ definition, process }: RunningProcess, letter: string): Readonly<Record<string, number>> | undefined {
  const purposes = purposesAskedBy(letter, process)
  if (purposes.length === 0) return undefined
  return Object.fromEntries(purposes.map((purpose) => [purpose, definition.purposes[purpose]?.version ?? 1]))
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
