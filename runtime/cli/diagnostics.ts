import { styleText } from 'node:util'
import type { Diagnostic, SourceFile } from '../../dsl/index.ts'

/** How much of a long source line is shown. */
const widest = 120

/** Whether the words are for a terminal, which can show colours. */
export interface Look {
  readonly colours: boolean
}

/** A problem as people read it: what, where, the line with the place underlined, and what to do. */
export function renderProblem(problem: Diagnostic, line: string | undefined, look: Look): string {
  const colour = problem.severity === 'error' ? 'red' : 'yellow'
  const bar = paint(look, 'blue', '|')
  const number = String(problem.line)
  const margin = ' '.repeat(number.length)
  const head = `${paint(look, colour, `${problem.severity}[${problem.code}]`)}: ${paint(look, 'bold', clean(problem.message))}`
  const rows = [head, `${margin}${paint(look, 'blue', '-->')} ${clean(problem.file)}:${problem.line}:${problem.column}`]
  if (line !== undefined && line.trim() !== '') {
    const { shown, underline } = excerpt(problem, line)
    rows.push(
      `${margin} ${bar}`,
      `${paint(look, 'blue', number)} ${bar} ${shown}`,
      `${margin} ${bar} ${paint(look, colour, underline)}`,
    )
  }
  if (problem.hint !== undefined) rows.push(`${margin} = ${paint(look, 'bold', 'help')}: ${clean(problem.hint)}`)
  for (const [index, step] of problem.path.entries()) rows.push(`${margin}   ${index + 1}. ${clean(step)}`)
  return rows.join('\n')
}

function excerpt(problem: Diagnostic, line: string): { shown: string; underline: string } {
  const start = problem.column - 1
  const end =
    problem.endLine === problem.line ? Math.max(problem.endColumn - 1, start + 1) : Math.max(line.length, start + 1)
  const from = start > widest - 20 ? start - 40 : 0
  const part = clean(line).slice(from, from + widest)
  const cut = from > 0 ? '…' : ''
  const length = Math.max(1, Math.min(end, from + widest) - start)
  return { shown: cut + part, underline: ' '.repeat(cut.length + start - from) + '^'.repeat(length) }
}

/** Control characters out: a file must not steer the terminal. A tab counts as one column, so it is shown as one. */
export function clean(words: string): string {
  return words.replaceAll('\t', ' ').replace(/[\p{Cc}\p{Cf}]/gu, '�')
}

function paint(look: Look, style: 'red' | 'yellow' | 'blue' | 'bold', words: string): string {
  return look.colours ? styleText(style, words, { validateStream: false }) : words
}

/** All problems, and how many of each kind. */
export function renderReport(problems: readonly Diagnostic[], files: readonly SourceFile[], look: Look): string {
  const lines = new Map(files.map((file) => [file.name, file.text.split(/\r?\n/)]))
  const parts = problems.map((problem) => renderProblem(problem, lines.get(problem.file)?.[problem.line - 1], look))
  const { errors, warnings } = countProblems(problems)
  const read = `${files.length} ${files.length === 1 ? 'file' : 'files'}`
  const summary =
    problems.length === 0
      ? `no problems in ${read}`
      : `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'} in ${read}`
  return `${[...parts, summary].join('\n\n')}\n`
}

export function countProblems(problems: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return { errors, warnings: problems.length - errors }
}
