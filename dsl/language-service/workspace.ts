import type { Definition } from '../../engine/definition.ts'
import { type Diagnostic, inOrder } from '../diagnostic.ts'
import type { Listener } from '../resolve/listener.ts'
import { resolveWorkspace } from '../resolve/workspace.ts'
import { Source } from '../source.ts'
import { SymbolIndex } from '../symbols.ts'
import { parseText } from '../text/parse.ts'
import type { FileNode } from '../tree.ts'
import { parseYaml } from '../yaml/parse.ts'

interface Parsed {
  readonly source: Source
  readonly tree: FileNode
  readonly problems: readonly Diagnostic[]
}

/** What is known of a workspace as it stands. */
export interface Analysis {
  readonly definition: Definition
  readonly problems: readonly Diagnostic[]
  readonly symbols: SymbolIndex
}

/**
 * A workspace that is being written: its files by name, each read again only when its text changes. What follows from all
 * of them is worked out when it is asked for.
 */
export class WrittenWorkspace {
  readonly #files = new Map<string, Parsed>()
  #analysis: Analysis | undefined

  /** Takes a file's text, new or changed. */
  set(name: string, text: string): void {
    if (this.#files.get(name)?.source.text === text) return
    this.#files.set(name, parse(new Source({ name, text })))
    this.#analysis = undefined
  }

  delete(name: string): void {
    if (this.#files.delete(name)) this.#analysis = undefined
  }

  get names(): readonly string[] {
    return [...this.#files.keys()]
  }

  source(name: string): Source | undefined {
    return this.#files.get(name)?.source
  }

  tree(name: string): FileNode | undefined {
    return this.#files.get(name)?.tree
  }

  /** Its problems, and what each name stands for. */
  get analysis(): Analysis {
    this.#analysis ??= this.#analyse()
    return this.#analysis
  }

  /** Tells `listener` how names are looked up when a file reads `text` instead; nothing of it is kept. */
  listen(name: string, text: string, listener: Listener): void {
    const others = [...this.#files.values()].filter(({ source }) => source.name !== name)
    const changed = parse(new Source({ name, text }))
    resolveWorkspace(inOrderOfNames([...others, changed]), listener)
  }

  /** The same files, some with other texts. */
  with(texts: ReadonlyMap<string, string>): WrittenWorkspace {
    const other = new WrittenWorkspace()
    for (const [name, file] of this.#files) other.#files.set(name, file)
    for (const [name, text] of texts) other.set(name, text)
    return other
  }

  #analyse(): Analysis {
    const files = [...this.#files.values()]
    const symbols = new SymbolIndex(new Map(files.map(({ source }) => [source.name, source])))
    const { definition, problems } = resolveWorkspace(inOrderOfNames(files), symbols)
    return { definition, problems: inOrder([...files.flatMap((file) => file.problems), ...problems]), symbols }
  }
}

function parse(source: Source): Parsed {
  return { source, ...(source.notation === 'yaml' ? parseYaml(source) : parseText(source)) }
}

function inOrderOfNames(files: readonly Parsed[]): FileNode[] {
  return files
    .toSorted((a, b) => (a.source.name < b.source.name ? -1 : a.source.name > b.source.name ? 1 : 0))
    .map(({ tree }) => tree)
}
