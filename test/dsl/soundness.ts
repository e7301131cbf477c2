import type { SourceFile, Workspace } from '../../dsl/index.ts'

/**
 * What holds of every answer to every input: a definition or an error, and problems that say something at places that
 * exist. Answers what does not hold, or nothing.
 */
export function unsound({ text }: SourceFile, { definition, problems }: Workspace): string | undefined {
  if ((definition === undefined) !== problems.some(({ severity }) => severity === 'error')) {
    return 'there is neither a definition nor an error, or both'
  }
  const lines = text.split('\n')
  for (const { code, line, column, endLine, endColumn, message } of problems) {
    const at = `${code} at ${line}:${column}-${endLine}:${endColumn}`
    if (message === '') return `${at} says nothing`
    if (line < 1 || line > lines.length || endLine > lines.length) return `${at} is in no line`
    if (column < 1 || column > (lines[line - 1]?.length ?? 0) + 1) return `${at} is in no column`
    if (endLine < line || (endLine === line && endColumn < column)) return `${at} ends before it begins`
  }
  return undefined
}
