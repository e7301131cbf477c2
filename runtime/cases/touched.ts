import type { Action, Definition, Process } from '../../engine/definition.ts'
import type { Difference } from '../../engine/diff/index.ts'
import { own } from '../../engine/named.ts'
import { everyAction } from '../../engine/verify/workspace.ts'

/** Some open cases, by their process and the stage they are in. */
type Place = { readonly process: string; readonly stage: string }

/** Which open cases a difference touches; undefined where it touches no case, such as who the company is. */
export function touchedBy(
  { what, process, stage, name, kind, before }: Difference,
  current: Definition,
  proposed: Definition,
): ((place: Place) => boolean) | undefined {
  if (process !== undefined) {
    const at = what === 'stage' ? (kind === 'renamed' ? before : name) : stage
    if (at === undefined) return (place) => place.process === process
    const was = formerName(own(proposed.processes, process), at)
    return (place) => place.process === process && (place.stage === at || place.stage === was)
  }
  const test = users[what]
  if (!test) return undefined
  const names = new Set(
    [...Object.values(current.processes), ...Object.values(proposed.processes)]
      .filter((each) => test(each, name))
      .map((each) => each.name),
  )
  return (place) => names.has(place.process)
}

/** Stages are called by their later name; cases still stand in the earlier one. */
function formerName(process: Process | undefined, stage: string): string | undefined {
  return process && own(process.stages, stage)?.was
}

type Test = (process: Process, name: string) => boolean

const does = (test: (action: Action, name: string) => boolean): Test => {
  return (process, name) => everyAction(process).some((action) => test(action, name))
}

const users: { readonly [what in Difference['what']]?: Test } = {
  purpose: ({ fields }, name) => Object.values(fields).some(({ personal }) => personal.includes(name)),
  letter: does((action, name) => action.kind === 'send' && action.letter === name),
  document: does(
    (action, name) =>
      (action.kind === 'write' && action.document === name) || (action.kind === 'send' && action.attach.includes(name)),
  ),
  webhook: does((action, name) => action.kind === 'call' && action.webhook === name),
  role: ({ access }, name) => own(access, name) !== undefined,
}
