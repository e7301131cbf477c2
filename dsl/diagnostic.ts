import type { Check } from './checks/check.ts'
import type { Suggestion } from './nearest.ts'
import type { Notation, Span } from './source.ts'

/** A problem of a workspace, as a value. Positions count from 1; `endColumn` is the first column after it. */
export interface Diagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** What is wrong, in the author's words; starts in lower case, for it follows a place. */
  readonly message: string
  /** What to do. */
  readonly hint?: string
  /** What may stand in the place of the problem to put it right, where that is known. */
  readonly fix?: string
  /** Relative to the workspace, with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** The steps of a case that show the problem, where exploring found it. */
  readonly path: readonly string[]
}

/** What is said: the same for both notations, or in the words of each. */
export type Words = string | Readonly<Record<Notation, string>>

/** What to do: in words, or as what should stand there instead. */
export type Hint = Words | Suggestion

/** A problem of `check` at `span`. */
export function diagnose(check: Check, span: Span, message: Words, hint?: Hint): Diagnostic {
  const from = span.source.position(span.start)
  const to = span.source.position(Math.max(span.end, span.start))
  return {
    code: check.code,
    severity: check.severity,
    message: typeof message === 'string' ? message : message[span.source.notation],
    ...hinted(hint, span.source.notation),
    file: span.source.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    path: [],
  }
}

function hinted(hint: Hint | undefined, notation: Notation): Pick<Diagnostic, 'hint' | 'fix'> {
  if (hint === undefined) return {}
  if (typeof hint === 'string') return { hint }
  return 'words' in hint ? { hint: hint.words, fix: hint.replacement } : { hint: hint[notation] }
}

/** By file, then by place; two with the same place and code are one. */
export function inOrder(problems: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return problems
    .toSorted((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code))
    .filter((problem) => {
      const key = `${problem.file}:${problem.line}:${problem.column}:${problem.code}:${problem.message}`
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
