import type { Definition } from '../../engine/definition.ts'
import { OperatorError } from '../operator-error.ts'

/** Refuses a workspace whose webhooks name secrets that are not set: their receivers could not tell us from anybody. */
export function checkSecrets({ webhooks }: Definition, { secret }: { secret(name: string): string | undefined }): void {
  const missing = Object.values(webhooks).flatMap(({ name, secret: variable, at }) =>
    variable && !secret(variable) ? [`${variable} (of the webhook \`${name}\`, ${at.file}:${at.line})`] : [],
  )
  if (missing.length === 0) return
  throw new OperatorError(
    `these environment variables hold the secrets that webhooks are signed with, and are not set: ${missing.join(', ')}`,
  )
}
