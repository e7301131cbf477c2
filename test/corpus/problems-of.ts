import { type Diagnostic, inOrder, readWorkspace, type SourceFile } from '../../dsl/index.ts'
import { check } from '../../engine/index.ts'
import { diagnose } from '../../runtime/checked-workspace.ts'

/** What `zgoda check` says of the files of a workspace, without a folder to read them from. */
export function problemsOf(files: readonly SourceFile[]): readonly Diagnostic[] {
  const { definition, problems } = readWorkspace(files)
  return definition ? inOrder([...problems, ...diagnose(check(definition), files)]) : problems
}
