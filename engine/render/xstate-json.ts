import type { Action, Rule } from '../definition.ts'
import type { ChartPlan, Machine } from '../machine.ts'
import type { Deed } from '../steps.ts'
import { inLanguage } from '../text.ts'
import { actionInWords, expressionInWords, placeInWords } from '../wording.ts'

interface XStateTransition {
  readonly target?: string
  readonly guard?: string
  readonly actions?: readonly string[]
  readonly description?: string
}

interface XStateNode {
  readonly description?: string
  readonly type?: 'final'
  readonly tags?: readonly string[]
  readonly on?: Readonly<Record<string, readonly XStateTransition[]>>
  readonly always?: readonly XStateTransition[]
}

/** What XState's `createMachine` takes and Stately's editor imports. */
export interface XStateConfig {
  readonly id: string
  readonly description: string
  readonly initial: string
  readonly states: Readonly<Record<string, XStateNode>>
}

type StatePlan = ChartPlan['states'][string]
type TransitionPlan = NonNullable<StatePlan['always']>[number]

/** The machine that runs the cases of a process, its guards and actions named by what they are in the process's text. */
export function toXStateConfig(machine: Machine): XStateConfig {
  const { plan, process } = machine
  const states = Object.entries(plan.states).map(([name, state]) => [name, nodeOf(machine, name, state)])
  return {
    id: plan.id,
    description: inLanguage(process.title, 'en'),
    initial: plan.initial,
    states: Object.fromEntries(states),
  }
}

function nodeOf(machine: Machine, name: string, { on, always }: StatePlan): XStateNode {
  const stage = machine.stages.get(name)?.stage
  const events = Object.entries(on ?? {}).map(([event, each]) => [event, each.map((one) => transition(machine, one))])
  return {
    ...(stage && { description: inLanguage(stage.title, 'en') }),
    ...(stage?.final && { type: 'final' as const }),
    ...(stage?.final && stage.success && { tags: ['success'] }),
    ...(events.length > 0 && { on: Object.fromEntries(events) }),
    ...(always && always.length > 0 && { always: always.map((each) => transition(machine, each)) }),
  }
}

function transition(machine: Machine, { target, guard, actions }: TransitionPlan): XStateTransition {
  const deed = actions?.params ?? {}
  const rule = deed.rule === undefined ? undefined : machine.rules.get(deed.rule)?.rule
  const name = guard && guardName(machine, guard)
  const acts = actionNames(machine, deed)
  return {
    ...(target !== undefined && { target }),
    ...(name !== undefined && { guard: name }),
    ...(acts.length > 0 && { actions: acts }),
    ...(rule && { description: placeInWords(rule.at) }),
  }
}

function guardName(machine: Machine, guard: NonNullable<TransitionPlan['guard']>): string | undefined {
  switch (guard.type) {
    case 'holds': {
      const rule = machine.rules.get(guard.params.rule)?.rule
      return rule && ruleGuard(rule)
    }
    case 'going':
      return `goes to ${guard.params.to}`
    case 'lacks':
    case 'stillLacks':
      return `no consent to ${guard.params.purpose}`
  }
}

/** What must hold beside the event itself; nothing where the event is enough. */
function ruleGuard({ trigger, when }: Rule): string | undefined {
  const parts: string[] = []
  if (trigger.kind === 'reply') {
    if (trigger.letter) parts.push(`to ${trigger.letter}`)
    if (trigger.saying.length > 0)
      parts.push(`saying ${trigger.saying.map((each) => JSON.stringify(each)).join(' or ')}`)
  }
  if (trigger.kind === 'move' && trigger.by && trigger.by.length > 0) parts.push(`by ${trigger.by.join(', ')}`)
  if (when) parts.push(`when ${expressionInWords(when)}`)
  return parts.length > 0 ? parts.join(' ') : undefined
}

/** In the order in which the machine does them: the rule's, those of leaving, those of entering. */
function actionNames({ rules, stages }: Machine, { rule, leave, enter }: Deed): string[] {
  const actions: readonly Action[] = [
    ...((rule !== undefined && rules.get(rule)?.rule.actions) || []),
    ...((leave !== undefined && stages.get(leave)?.stage.leave) || []),
    ...((enter !== undefined && stages.get(enter)?.stage.enter) || []),
  ]
  return actions.filter((action) => action.kind !== 'go to' || action.when).map(actionInWords)
}
