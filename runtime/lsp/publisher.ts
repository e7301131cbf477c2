import type { Connection } from 'vscode-languageserver/node'
import type { Project } from './project.ts'
import { diagnosticOf } from './translate.ts'

/** How long further keystrokes are waited for. */
const pause = 10

/** How long nobody must have typed before the workspace is proved: what cases of it can come to takes longer than reading it. */
const rest = 250

/** Sends the problems of a workspace after it has changed: those of every file, of closed ones only where they changed. */
export class Publisher {
  readonly #connection: Connection
  readonly #waiting = new Map<Project, NodeJS.Timeout>()
  readonly #resting = new Map<Project, NodeJS.Timeout>()
  /** What was last sent of each file that has problems. */
  readonly #sent = new Map<Project, Map<string, string>>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Sends soon; what changes until then goes along. */
  soon(project: Project): void {
    if (this.#waiting.has(project)) return
    const timer = setTimeout(() => {
      this.#waiting.delete(project)
      this.#prove(project)
      this.#noting(project.ready.then(() => this.#publish(project)))
    }, pause)
    this.#waiting.set(project, timer)
  }

  /** Proves the workspace once nobody has typed for a while, and sends what was found. */
  #prove(project: Project): void {
    clearTimeout(this.#resting.get(project))
    const timer = setTimeout(() => {
      this.#resting.delete(project)
      this.#noting(project.ready.then(() => project.proofs.prove()).then((proved) => proved && this.#publish(project)))
    }, rest)
    this.#resting.set(project, timer)
  }

  #noting(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#connection.console.error(`problems could not be told: ${String(error)}`))
  }

  /** Takes back all that was sent. */
  clear(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
    for (const timer of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
    for (const sent of this.#sent.values()) {
      for (const uri of sent.keys()) void this.#connection.sendDiagnostics({ uri, diagnostics: [] })
    }
    this.#sent.clear()
  }

  #publish(project: Project): void {
    const before = this.#sent.get(project) ?? new Map<string, string>()
    const now = new Map<string, string>()
    for (const [name, problems] of project.problems()) {
      const uri = project.uri(name)
      const diagnostics = problems.map((problem) => diagnosticOf(project, problem))
      const written = JSON.stringify(diagnostics)
      if (diagnostics.length > 0) now.set(uri, written)
      const isOpen = project.isOpen(name)
      if (!isOpen && before.get(uri) === written) continue
      const version = isOpen ? { version: project.document(name).version } : {}
      void this.#connection.sendDiagnostics({ uri, ...version, diagnostics })
    }
    for (const uri of before.keys()) {
      if (!now.has(uri) && !project.isOpenAs(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] })
    }
    this.#sent.set(project, now)
  }
}
