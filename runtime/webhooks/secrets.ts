import type { Definition } from '../../engine/definition.ts'
import { OperatorError } from '../operator-error.ts'

interface Secrets {
  secret(name: string): string | undefined
}

/** The secrets that webhooks name and that are not set, each with its place. */
export function missingSecrets({ webhooks }: Definition, { secret }: Secrets): readonly string[] {
  return Object.values(webhooks).flatMap(({ name, secret: variable, at }) =>
    variable && !secret(variable) ? [`${variable} (of the webhook \`${name}\`, ${at.file}:${at.line})`] : [],
  )
}

/** Refuses a workspace whose webhooks name secrets that are not set: their receivers could not tell us from anybody. */
export function checkSecrets(definition: Definition, secrets: Secrets): void {
  const missing = missingSecrets(definition, secrets)
  if (missing.length === 0) return
  throw new OperatorError(
    `these environment variables hold the secrets that webhooks are signed with, and are not set: ${missing.join(', ')}`,
  )
}
