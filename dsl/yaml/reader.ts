import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'
import type { Check } from '../checks/check.ts'
import { z105 } from '../checks/z105-file.ts'
import { type Diagnostic, diagnose, type Hint } from '../diagnostic.ts'
import type { Source, Span } from '../source.ts'
import type { Name } from '../tree.ts'
import { spanOfScalar, wordsOf } from './scalar.ts'

/** A key of a map with what stands behind it; `value` is absent where nothing does. */
export interface Entry {
  readonly key: Name
  readonly value: Node | undefined
  /** From the key to the end of its value. */
  readonly span: Span
}

/** How many nodes may be read through aliases, in one file. */
const mostThroughAliases = 20_000

/** One file being read: its nodes with aliases followed, and the problems found. */
export class Reader {
  readonly source: Source
  readonly problems: Diagnostic[] = []
  /** Nodes with a problem of their form: they are taken for what can't be read. */
  readonly bad = new Set<Node>()
  readonly #targets: ReadonlyMap<Alias, Node>
  readonly #entries = new WeakMap<YAMLMap, readonly Entry[]>()
  #throughAliases = 0
  #bombTold = false

  constructor(source: Source, targets: ReadonlyMap<Alias, Node>) {
    this.source = source
    this.#targets = targets
  }

  report(check: Check, span: Span, message: string, hint?: Hint): void {
    this.problems.push(diagnose(check, span, message, hint))
  }

  /** What stands there, aliases followed; `undefined` for nothing (`null` and `~` too). One that leads nowhere is bad. */
  node(value: unknown): Node | undefined {
    let node = value as Node | null | undefined
    for (let steps = 0; node && isAlias(node); steps++) {
      const target = this.#targets.get(node)
      if (!target || steps > 10 || !this.#mayFollow(node)) {
        this.bad.add(node)
        return node
      }
      node = target
    }
    if (!node || (isScalar(node) && node.value === null && node.type === 'PLAIN')) return undefined
    return node
  }

  #mayFollow(alias: Alias): boolean {
    this.#throughAliases += 1 + this.#weight(this.#targets.get(alias))
    if (this.#throughAliases <= mostThroughAliases) return true
    if (!this.#bombTold) {
      this.#bombTold = true
      const hint = 'write out what is used often, or split the file'
      this.report(z105, this.span(alias), 'aliases make this file more than can be read', hint)
    }
    return false
  }

  #weight(node: Node | undefined): number {
    return isMap(node) || isSeq(node) ? node.items.length : 0
  }

  /** The entries of a map whose keys are words. */
  entries(map: YAMLMap): readonly Entry[] {
    const known = this.#entries.get(map)
    if (known) return known
    const entries = (map.items as Pair[]).flatMap((pair): Entry[] => {
      if (!isScalar(pair.key)) return []
      const key = this.name(pair.key)
      const value = this.node(pair.value)
      const written = pair.value as Node | null
      const end = Math.max(key.span.end, written ? this.span(written).end : 0)
      return [{ key, value, span: { ...key.span, end } }]
    })
    this.#entries.set(map, entries)
    return entries
  }

  /** From its first letter to its last: the line break behind it is not part of it. */
  span(node: Node): Span {
    const [start = 0, range = start] = node.range ?? []
    let end = range
    while (end > start && /\s/.test(this.source.text.charAt(end - 1))) end--
    return { source: this.source, start, end }
  }

  /** A scalar as a name. */
  name(node: Scalar): Name {
    return { text: wordsOf(node), span: spanOfScalar(this.source, node) }
  }
}
