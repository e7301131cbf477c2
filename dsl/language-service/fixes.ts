import type { Diagnostic } from '../diagnostic.ts'
import type { Edit } from './rename.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** How a problem is put right. */
export interface Fix {
  readonly title: string
  readonly problem: Diagnostic
  readonly edit: Edit
}

/** What puts right the problems that touch a stretch of a file, where that is known. */
export function fixes(workspace: WrittenWorkspace, file: string, start: number, end: number): readonly Fix[] {
  const source = workspace.source(file)
  if (!source) return []
  return workspace.analysis.problems.flatMap((problem) => {
    if (problem.file !== file || problem.fix === undefined) return []
    const from = source.offset(problem.line, problem.column)
    const to = source.offset(problem.endLine, problem.endColumn)
    if (from > end || to < start) return []
    const quote = /^["']/.exec(source.text.slice(from, to))?.[0] ?? ''
    const text = `${quote}${problem.fix}${quote}`
    return [{ title: `Change to \`${problem.fix}\``, problem, edit: { file, start: from, end: to, text } }]
  })
}
