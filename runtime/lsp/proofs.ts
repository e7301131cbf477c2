import { setImmediate as turn } from 'node:timers/promises'
import type { Diagnostic } from '../../dsl/index.ts'
import type { WrittenWorkspace } from '../../dsl/language-service/index.ts'
import { checking } from '../../engine/check.ts'
import { diagnose } from '../checked-workspace.ts'

/** What was proved wrong about a workspace that is being written; it stands until the next proofs say otherwise. */
export class Proofs {
  readonly #workspace: WrittenWorkspace
  #found: readonly Diagnostic[] = []
  /** The lines of each file as they were when it was proved. */
  #lines: ReadonlyMap<string, readonly string[]> = new Map()

  constructor(workspace: WrittenWorkspace) {
    this.#workspace = workspace
  }

  /** Proves it process by process, giving way to whatever else waits; false where it changed meanwhile or has errors. */
  async prove(): Promise<boolean> {
    const { analysis } = this.#workspace
    if (analysis.problems.some(({ severity }) => severity === 'error')) return false
    const files = this.#workspace.names.flatMap((name) => this.#workspace.source(name) ?? [])
    const found: Diagnostic[] = []
    for (const some of checking(analysis.definition)) {
      found.push(...diagnose(some, files))
      await turn()
      if (!this.#workspace.isStill(analysis)) return false
    }
    this.#found = found
    this.#lines = new Map(files.map(({ name, text }) => [name, linesOf(text)]))
    return true
  }

  /** What was found last, where its lines are now; nothing is said of lines that have been changed since. */
  get standing(): readonly Diagnostic[] {
    const now = new Map<string, readonly string[]>()
    return this.#found.flatMap((problem) => {
      const lines = now.get(problem.file) ?? linesOf(this.#workspace.source(problem.file)?.text ?? '')
      now.set(problem.file, lines)
      const then = this.#lines.get(problem.file) ?? []
      const moved = [0, lines.length - then.length].find(
        (by) => lines[problem.line - 1 + by] === then[problem.line - 1],
      )
      if (moved === undefined) return []
      return [{ ...problem, line: problem.line + moved, endLine: problem.endLine + moved }]
    })
  }
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/)
}
