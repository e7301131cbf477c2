import type { Definition } from '../../engine/definition.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { type ParsedFile, parseFile, resolveFiles } from '../parsed-file.ts'
import type { Listener } from '../resolve/listener.ts'
import type { Source } from '../source.ts'
import { SymbolIndex } from '../symbols.ts'
import type { FileNode } from '../tree.ts'

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
  readonly #files = new Map<string, ParsedFile>()
  #analysis: Analysis | undefined

  /** Takes a file's text, new or changed. */
  set(name: string, text: string): void {
    if (this.#files.get(name)?.source.text === text) return
    this.#files.set(name, parseFile({ name, text }))
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

  /** Whether nothing has changed since an analysis was made. */
  isStill(analysis: Analysis): boolean {
    return this.#analysis === analysis
  }

  /** Tells `listener` how names are looked up when a file reads `text` instead; nothing of it is kept. */
  listen(name: string, text: string, listener: Listener): void {
    const others = [...this.#files.values()].filter(({ source }) => source.name !== name)
    resolveFiles([...others, parseFile({ name, text })], listener)
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
    return { ...resolveFiles(files, symbols), symbols }
  }
}
