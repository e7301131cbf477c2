import type { Definition } from '../engine/definition.ts'
import type { Diagnostic } from './diagnostic.ts'
import { parseFile, resolveFiles } from './parsed-file.ts'
import type { SourceFile } from './source.ts'

export interface Workspace {
  /** Present where no problem is an error. */
  readonly definition?: Definition
  /** By file and place. */
  readonly problems: readonly Diagnostic[]
}

/** Reads the files of a workspace, in whatever order, into one definition. Pure; never throws on what it reads. */
export function readWorkspace(files: readonly SourceFile[]): Workspace {
  const { definition, problems } = resolveFiles(files.map(parseFile))
  const failed = problems.some((problem) => problem.severity === 'error')
  return failed ? { problems } : { definition, problems }
}
