import type { Action, Definition, Expression, Form, Process } from '../definition.ts'
import { own } from '../named.ts'
import { type Act, actsOf } from './acts.ts'

/** A consent that a process records as given or refused, with what brings it about. */
export interface Recorded extends Act {
  readonly process: Process
  readonly action: Extract<Action, { kind: 'record consent' }>
  /** Of a rule `on form`. */
  readonly form?: Form
}

/** Every consent that the processes of a workspace record. */
export function recordedConsents(definition: Definition): readonly Recorded[] {
  return Object.values(definition.processes).flatMap((process) => recordedIn(definition, process))
}

function recordedIn(definition: Definition, process: Process): readonly Recorded[] {
  return actsOf(process).flatMap((act): Recorded[] => {
    const { action, occasion } = act
    if (action.kind !== 'record consent') return []
    const form = occasion.kind === 'form' ? own(definition.forms, occasion.form) : undefined
    return [{ ...act, process, action, ...(form && { form }) }]
  })
}

/** Whether one of a form's questions is the consent itself. */
export function asksConsent(form: Form | undefined, purpose: string): boolean {
  return form?.questions.some(({ ask }) => 'consent' in ask && ask.consent === purpose) ?? false
}

/** What has to hold for it to be recorded: the rule's condition and the action's. */
export function guardOf({ rule, action }: Recorded): Expression | undefined {
  if (rule?.when && action.when) return { kind: 'and', left: rule.when, right: action.when }
  return rule?.when ?? action.when
}
