import { functions } from '../resolve/call.ts'
import type { Listener } from '../resolve/listener.ts'
import type { Names } from '../resolve/namespace.ts'
import type { Name } from '../tree.ts'
import type { Completion } from './completion.ts'
import { summaryOf, titleOf } from './describe.ts'
import { helpInExpression } from './words.ts'

/** A name that nobody writes: it stands where something is about to be written. */
export const placeholder = 'zgoda_here_someone_writes'

interface Offer {
  readonly names: readonly Names<unknown>[]
  readonly words: readonly string[]
}

/** What the resolver would have taken in the place of the placeholder. */
export class Offers implements Listener {
  readonly #offers: Offer[] = []
  /** Signals are known only from where they are mentioned. */
  readonly #mentioned = new Map<Names<unknown>, Set<string>>()

  declared(): void {}

  mentioned(names: Names<unknown>, name: Name): void {
    if (names.kind !== 'signal') return
    this.#mentioned.set(names, (this.#mentioned.get(names) ?? new Set()).add(name.text))
  }

  offered(name: Name, names: readonly Names<unknown>[], words: readonly string[]): void {
    if (name.text === placeholder) this.#offers.push({ names, words })
  }

  get any(): boolean {
    return this.#offers.length > 0
  }

  /** What the resolver asked for last is what it wanted most: an option comes before any field. */
  get items(): readonly Completion[] {
    const items = this.#offers.toReversed().flatMap(({ names, words }) => {
      const named = names.flatMap((each) => this.#named(each))
      const inExpression = names.some(({ kind }) => kind === 'table')
      const said = words.map((word) => wordItem(word, inExpression))
      return names.length === 0 ? said : [...named, ...said]
    })
    const seen = new Set<string>()
    return items.filter(({ label, kind }) => {
      const isNew = !seen.has(`${kind} ${label}`)
      seen.add(`${kind} ${label}`)
      return isNew
    })
  }

  #named(names: Names<unknown>): Completion[] {
    const only = [...(this.#mentioned.get(names) ?? [])].map((name): [string, undefined] => [name, undefined])
    return [...(names.byName as ReadonlyMap<string, object>), ...only]
      .filter(([name]) => name !== placeholder)
      .map(([name, node]) => nameItem(names, name, node))
  }
}

function nameItem({ kind }: Names<unknown>, label: string, node: object | undefined): Completion {
  const detail = [titleOf(node), summaryOf(node)].filter((words) => words !== undefined).join(' · ')
  return {
    label,
    kind,
    ...(detail ? { detail } : {}),
    ...(kind === 'table' ? { snippet: `${label}($1)` } : {}),
  }
}

function wordItem(label: string, inExpression: boolean): Completion {
  const help = inExpression ? helpInExpression(label) : undefined
  const called = inExpression && Object.hasOwn(functions, label)
  return {
    label,
    kind: called ? 'function' : 'word',
    ...(help === undefined ? {} : { help }),
    ...(called ? { snippet: `${label}($1)` } : {}),
  }
}
