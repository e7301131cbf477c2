/** What nodes tell each other: ids and names alone, never a value. */
export type Message =
  | ChangeMessage
  /** A client was erased: whatever is remembered of them goes. */
  | { readonly erased: string }
  /** Who works here has changed, or a session has ended: what was read of either counts no more. */
  | { readonly changedOf: 'people' | 'sessions' }
  /** The definition that new cases start with, by its hash. */
  | { readonly definition: string }

/** Cases of a process have changed; they are not named where they are many. */
export interface ChangeMessage {
  readonly changed: string
  readonly cases?: readonly string[]
}

/** Cases that a message names; Postgres takes 8,000 bytes. */
const mostNamed = 150
/** Of one process at once; past that it is quicker to look than to listen. */
const mostOfProcess = 600

export function written(message: Message): string {
  return JSON.stringify(message)
}

/** What was heard; nothing where it is not of a kind that this version knows. */
export function read(text: string): Message | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return undefined
  }
  return isMessage(message) ? message : undefined
}

function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null) return false
  if ('changed' in message) return isText(message.changed) && (!('cases' in message) || isTexts(message.cases))
  if ('erased' in message) return isText(message.erased)
  if ('definition' in message) return isText(message.definition)
  return 'changedOf' in message && (message.changedOf === 'people' || message.changedOf === 'sessions')
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

/** The cases that changed since the last time, as messages that Postgres takes. */
export class ChangedCases {
  #byProcess = new Map<string, Set<string> | 'many'>()

  get none(): boolean {
    return this.#byProcess.size === 0
  }

  add(process: string, cases: Iterable<string> | 'many'): void {
    const all = this.#byProcess.get(process) ?? new Set()
    if (all === 'many') return
    if (cases !== 'many') for (const caseId of cases) all.add(caseId)
    this.#byProcess.set(process, cases === 'many' || all.size > mostOfProcess ? 'many' : all)
  }

  /** Hands them over; from then on there are none. */
  take(): ChangeMessage[] {
    const taken = [...this.#byProcess]
    this.#byProcess = new Map()
    return taken.flatMap(([process, cases]) => {
      if (cases === 'many') return [{ changed: process }]
      return parted([...cases]).map((part) => ({ changed: process, cases: part }))
    })
  }
}

function parted(ids: readonly string[]): string[][] {
  const parts: string[][] = []
  for (let from = 0; from < ids.length; from += mostNamed) parts.push(ids.slice(from, from + mostNamed))
  return parts
}
