import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import {
  type Diagnostic,
  type Folder,
  isWorkspaceFile,
  loadFile,
  loadFolder,
  type SourceFile,
} from '../../dsl/index.ts'
import { filesOfWorkspace, WrittenWorkspace } from '../../dsl/language-service/index.ts'
import { Proofs } from './proofs.ts'

/** What of a folder belongs to the workspace: everything in it, its own files alone, or only what the editor has open. */
type Extent = 'all' | 'files' | 'nothing'

const nothing: Folder = { files: [], problems: [] }

async function siblings(dir: string): Promise<Folder> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isFile() && isWorkspaceFile(entry.name)).map(({ name }) => name)
  const read = await Promise.all(names.slice(0, mostSiblings).map((name) => loadFile(dir, name)))
  return {
    files: read.filter((file): file is SourceFile => 'text' in file),
    problems: read.filter((file): file is Diagnostic => 'code' in file),
  }
}

const mostSiblings = 200

/** One workspace in an editor: the files of its folder as they are on disk, and over them what the editor has open. */
export class Project {
  readonly dir: string
  readonly workspace = new WrittenWorkspace()
  readonly proofs = new Proofs(this.workspace)
  /** Resolves when the files of the folder have been read. */
  readonly ready: Promise<void>
  readonly #covers: (name: string) => boolean
  readonly #onDisk = new Map<string, SourceFile>()
  readonly #unreadable = new Map<string, Diagnostic>()
  readonly #open = new Map<string, TextDocument>()
  readonly #closed = new Map<string, TextDocument>()

  /** `covers` tells the folder's own files from those of a workspace inside it. */
  constructor(dir: string, extent: Extent, covers: (name: string) => boolean = () => true) {
    this.dir = dir
    this.#covers = covers
    this.ready = extent === 'nothing' ? Promise.resolve() : this.#load(extent)
  }

  async #load(extent: Extent): Promise<void> {
    const folder = await (extent === 'all' ? loadFolder(this.dir).catch(() => nothing) : siblings(this.dir))
    for (const file of folder.files) if (this.#covers(file.name)) this.#onDisk.set(file.name, file)
    for (const problem of folder.problems) if (this.#covers(problem.file)) this.#unreadable.set(problem.file, problem)
    this.#choose()
  }

  /** Takes what the editor shows of a file. */
  open(name: string, document: TextDocument): void {
    this.#open.set(name, document)
    this.#choose()
  }

  close(name: string): void {
    this.#open.delete(name)
    this.#choose()
  }

  /** Reads a file again that has changed on disk. */
  async refresh(name: string): Promise<void> {
    const file = await loadFile(this.dir, name)
    this.#unreadable.delete(name)
    if ('text' in file) this.#onDisk.set(name, file)
    else {
      this.#onDisk.delete(name)
      this.#unreadable.set(name, file)
    }
    this.#choose()
  }

  /** Forgets a file that is gone, or all files of a folder that is. */
  remove(name: string): void {
    for (const known of [this.#onDisk, this.#unreadable]) {
      for (const each of known.keys()) if (each === name || each.startsWith(`${name}/`)) known.delete(each)
    }
    this.#choose()
  }

  /** The problems of each file that has some, or that the editor has open. */
  problems(): ReadonlyMap<string, readonly Diagnostic[]> {
    const byFile = new Map<string, Diagnostic[]>([...this.#open.keys()].map((name) => [name, []]))
    for (const problem of [
      ...this.#unreadable.values(),
      ...this.workspace.analysis.problems,
      ...this.proofs.standing,
    ]) {
      byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem])
    }
    return byFile
  }

  isOpen(name: string): boolean {
    return this.#open.has(name)
  }

  isOpenAs(uri: string): boolean {
    return [...this.#open.values()].some((document) => document.uri === uri)
  }

  /** The name under which the editor knows a file. */
  uri(name: string): string {
    return this.#open.get(name)?.uri ?? pathToFileURL(join(this.dir, ...name.split('/'))).href
  }

  /** A file's text with its positions as the protocol counts them. */
  document(name: string): TextDocument {
    const open = this.#open.get(name)
    if (open) return open
    const text = this.workspace.source(name)?.text ?? ''
    const known = this.#closed.get(name)
    if (known?.getText() === text) return known
    const document = TextDocument.create(this.uri(name), '', 0, text)
    this.#closed.set(name, document)
    return document
  }

  /** Gives the workspace the files that belong to it. */
  #choose(): void {
    const files = new Map(this.#onDisk)
    for (const [name, document] of this.#open) files.set(name, { name, text: document.getText() })
    const chosen = filesOfWorkspace([...files.values()])
    const names = new Set(chosen.map(({ name }) => name))
    for (const name of this.workspace.names) if (!names.has(name)) this.workspace.delete(name)
    for (const { name, text } of chosen) this.workspace.set(name, text)
  }
}
