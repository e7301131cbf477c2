import { readWorkspace, type SourceFile } from '../../dsl/index.ts'
import { check } from '../../engine/check.ts'
import type { Check, Finding } from '../../engine/checks/check.ts'
import { readingFindings } from '../../engine/checks/reading.ts'
import type { Definition } from '../../engine/definition.ts'

export interface Problem {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly file: string
  readonly line: number
  /** The steps of a case that show it. */
  readonly path?: readonly string[]
}

/** What `zgoda check` says of a workspace: what reading it tells, and where it reads soundly, what its processes come to. */
export function problemsOf(files: readonly SourceFile[]): readonly Problem[] {
  const { definition, problems } = readWorkspace(files)
  return [...problems, ...(definition ? found(definition) : [])]
}

function found(definition: Definition): readonly Problem[] {
  const read = readingFindings(definition).map((each) => problem(each.check, each))
  return [...read, ...check(definition).map((each) => problem(each.check, each))]
}

function problem({ code, severity }: Check, { at, message, path }: Finding): Problem {
  const text = typeof message === 'string' ? message : message.text
  return { code, severity, message: text, file: at.file, line: at.line, ...(path && { path }) }
}
