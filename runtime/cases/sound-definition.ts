import { setImmediate as turn } from 'node:timers/promises'
import { readWorkspace } from '../../dsl/index.ts'
import { checking } from '../../engine/check.ts'
import type { Definition } from '../../engine/definition.ts'
import { diagnose } from '../checked-workspace.ts'
import type { ProposedFile } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'

/** Proved like a folder that is served: what has an error does not run. Gives way to requests between one process and the next. */
export async function soundDefinition(files: readonly ProposedFile[]): Promise<Definition> {
  const { definition, problems } = readWorkspace(files)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (!definition || errors.length > 0) throw unsound(errors)
  for (const found of checking(definition)) {
    const wrong = diagnose(found, files).filter(({ severity }) => severity === 'error')
    if (wrong.length > 0) throw unsound(wrong)
    await turn()
  }
  return definition
}

function unsound(errors: readonly { file: string; line: number; code: string; message: string }[]): Refusal {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const what = first ? `${first.file}:${first.line}: ${first.code}: ${first.message}` : 'there is no workspace in it'
  return new Refusal(
    'invalid-workspace',
    `the workspace has mistakes: ${what}${more}; \`zgoda check\` shows them in full`,
  )
}
