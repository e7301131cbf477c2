import {
  type Check,
  checkFolder,
  type Diagnostic,
  inOrder,
  type SourceFile,
  checks as wordChecks,
} from '../dsl/index.ts'
import { check, proofs } from '../engine/check.ts'
import type { Definition, Place } from '../engine/definition.ts'
import type { Found } from '../engine/verify/index.ts'

/** Every check there is, by code. */
export const checks: readonly Check[] = [
  ...wordChecks,
  ...proofs.filter(({ code }) => !wordChecks.some((other) => other.code === code)),
].toSorted((a, b) => (a.code < b.code ? -1 : 1))

export interface CheckedWorkspace {
  /** Present where no problem is an error: what is not proved does not run. */
  readonly definition?: Definition
  readonly problems: readonly Diagnostic[]
  readonly files: readonly SourceFile[]
}

/** Reads the workspace in a folder, and proves of it what can be proved. What does not read soundly is not explored. */
export async function checkWorkspace(dir: string): Promise<CheckedWorkspace> {
  const { definition, problems, files } = await checkFolder(dir)
  if (!definition) return { problems, files }
  const all = inOrder([...problems, ...diagnose(check(definition), files)])
  const failed = all.some(({ severity }) => severity === 'error')
  return { ...(!failed && { definition }), problems: all, files }
}

/** What was found against a definition, at the places of its files. */
export function diagnose(found: readonly Found[], files: readonly SourceFile[]): readonly Diagnostic[] {
  const byName = new Map(files.map((file) => [file.name, file]))
  return found.map(({ check: { code, severity }, at, message, hint, path, unproved }) => {
    const notation = at.file.endsWith('.zgoda') ? 'text' : 'yaml'
    const inWords = (words: Found['message']) => (typeof words === 'string' ? words : words[notation])
    const { file, line, column } = at
    return {
      code,
      severity: unproved ? 'warning' : severity,
      message: inWords(message),
      ...(hint !== undefined && { hint: inWords(hint) }),
      file,
      line,
      column,
      endLine: line,
      endColumn: endOf(byName.get(file), at),
      path: path ?? [],
    }
  })
}

/** Where the statement at a place ends on its line: before a brace that opens its body, and before a comment. */
function endOf(file: SourceFile | undefined, { line, column }: Place): number {
  const text = file?.text.split(/\r?\n/, line)[line - 1] ?? ''
  const statement = text
    .slice(column - 1)
    .replace(/\s#[^"]*$/, '')
    .replace(/[\s{]+$/, '')
  return column + Math.max(1, statement.length)
}
