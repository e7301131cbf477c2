import type { Listener } from './resolve/listener.ts'
import type { Names } from './resolve/namespace.ts'
import type { NameKind } from './shape.ts'
import type { Source } from './source.ts'
import type { Name } from './tree.ts'

/** What a name of the workspace stands for. */
export interface Meaning {
  readonly kind: NameKind
  readonly name: string
  /** The process of a field, stage or signal, the table of an input. */
  readonly of: string | undefined
  /** The node of its declaration; absent for signals, which are declared nowhere. */
  readonly node: object | undefined
}

/** Where a meaning is declared or mentioned: the stretch of the file that is just its name. */
export interface Occurrence {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly declares: boolean
}

/** What a name stands for, and where that name is. */
export interface Found {
  readonly meanings: readonly Meaning[]
  readonly at: Occurrence
}

interface Placed extends Occurrence {
  readonly meaning: Meaning
}

/**
 * What each name of a workspace stands for, as the resolver says. One name may stand for several things: a letter's
 * `{{ address }}` is the field of that name in whichever process sends it.
 */
export class SymbolIndex implements Listener {
  readonly #sources: ReadonlyMap<string, Source>
  readonly #known = new Map<Names<unknown>, Map<string, Meaning>>()
  readonly #heard: { readonly meaning: Meaning; readonly name: Name; readonly declares: boolean }[] = []
  #byFile: ReadonlyMap<string, readonly Placed[]> | undefined

  /** `sources` are the files of the workspace by name. */
  constructor(sources: ReadonlyMap<string, Source>) {
    this.#sources = sources
  }

  declared(names: Names<unknown>, name: Name, node: object): void {
    this.#heard.push({ meaning: this.#meaning(names, name.text, node), name, declares: true })
  }

  mentioned(names: Names<unknown>, name: Name): void {
    const node = names.byName.get(name.text) as object | undefined
    this.#heard.push({ meaning: this.#meaning(names, name.text, node), name, declares: false })
  }

  offered(): void {}

  /** All that names stand for, in the order in which the resolver met them. */
  get meanings(): readonly Meaning[] {
    return [...this.#known.values()].flatMap((byName) => [...byName.values()])
  }

  /** What the name at an offset stands for; the offset right after a name still counts. */
  at(file: string, offset: number): Found | undefined {
    const here = (this.#places.get(file) ?? []).filter(({ start, end }) => start <= offset && offset <= end)
    const last = here[here.length - 1]
    if (!last) return undefined
    return { meanings: here.filter(({ start }) => start === last.start).map(({ meaning }) => meaning), at: last }
  }

  /** Where it is declared and mentioned, by file and place. */
  occurrences(meaning: Meaning): readonly Occurrence[] {
    return [...this.#places.values()].flatMap((places) => places.filter((place) => place.meaning === meaning))
  }

  /** These, and those that some name of a template takes for the same. */
  together(meanings: readonly Meaning[]): readonly Meaning[] {
    const all = new Set(meanings)
    for (const meaning of all) {
      for (const { file, start } of this.occurrences(meaning)) {
        for (const other of this.#places.get(file) ?? []) if (other.start === start) all.add(other.meaning)
      }
    }
    return [...all]
  }

  #meaning(names: Names<unknown>, name: string, node: object | undefined): Meaning {
    let byName = this.#known.get(names)
    if (!byName) {
      byName = new Map()
      this.#known.set(names, byName)
    }
    let meaning = byName.get(name)
    if (!meaning) {
      meaning = { kind: names.kind, name, of: names.of, node }
      byName.set(name, meaning)
    }
    return meaning
  }

  get #places(): ReadonlyMap<string, readonly Placed[]> {
    this.#byFile ??= this.#place()
    return this.#byFile
  }

  #place(): Map<string, readonly Placed[]> {
    const byFile = new Map<string, Map<string, Placed>>()
    for (const { meaning, name, declares } of this.#heard) {
      const place = this.#placeOf(name)
      if (!place) continue
      const places = byFile.get(place.file) ?? new Map<string, Placed>()
      byFile.set(place.file, places)
      const key = `${place.start} ${meaning.kind} ${meaning.of ?? ''}`
      if (declares || !places.has(key)) places.set(key, { ...place, declares, meaning })
    }
    const files = [...byFile].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return new Map(files.map(([file, places]) => [file, [...places.values()].toSorted((a, b) => a.start - b.start)]))
  }

  /** Where just the name stands, without YAML's quotes; nothing where it is written in another way, by escapes. */
  #placeOf({ text, span }: Name): { file: string; start: number; end: number } | undefined {
    const file = span.source.name
    const source = this.#sources.get(file)
    if (!source) return undefined
    const { line, column } = span.source.position(span.start)
    const start = span.source === source ? span.start : source.offset(line, column)
    const quoted = /["']/.test(source.text.charAt(start)) && source.text.startsWith(text, start + 1)
    const from = quoted ? start + 1 : start
    return source.text.startsWith(text, from) ? { file, start: from, end: from + text.length } : undefined
  }
}
