import type { Action, Definition, Rule } from '../../engine/definition.ts'
import { OperatorError } from '../operator-error.ts'

/** Actions of the language that this server does not carry out yet. */
const later: ReadonlySet<Action['kind']> = new Set(['start', 'write', 'assign'])

/** Refuses a workspace that asks for what this server would silently leave undone. */
export function checkSupported(definition: Definition): void {
  const found = Object.values(definition.processes).flatMap((process) => [
    ...Object.values(process.stages).flatMap((stage) => [
      ...stage.enter,
      ...stage.leave,
      ...stage.rules.flatMap(ofRule),
    ]),
    ...process.rules.flatMap(ofRule),
  ])
  const missing = found.filter(({ kind }) => later.has(kind)).map(({ kind, at }) => `${at.file}:${at.line} \`${kind}\``)
  if (missing.length === 0) return
  throw new OperatorError(
    `this server does not carry out these actions yet, so it does not run the workspace: ${missing.join(', ')}`,
  )
}

function ofRule({ actions }: Rule): readonly Action[] {
  return actions
}
