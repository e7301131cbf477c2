import type { Action } from '../definition.ts'
import type { CompiledRule } from '../program.ts'
import { actionInWords, ruleInWords } from '../wording.ts'
import type { World } from './world.ts'

/** Something that waits for its time. */
export interface Scheduled {
  /** `after 14 days (to cancelled)`, `erase address, contact`. */
  readonly words: string
  /** What a scenario may call it: where it leads, what it does, its rule, what it erases. */
  readonly calledAlso: readonly string[]
}

/** What waits for its time in a case. */
export function scheduledIn({ machine, state }: World): readonly Scheduled[] {
  return Object.keys(state?.timers ?? {}).map((key): Scheduled => {
    const rule = machine.rules.get(key)
    if (rule) return ofRule(rule)
    const fields = machine.erasures.get(key) ?? []
    return { words: `erase ${fields.join(', ')}`, calledAlso: [key, 'erase', `erase ${fields.join(', ')}`, ...fields] }
  })
}

function ofRule({ rule, goTo, mayGoTo }: CompiledRule): Scheduled {
  const target = goTo ?? mayGoTo
  const { when: _, ...always } = rule
  const trigger = ruleInWords(always)
  const done = rule.actions.flatMap((action) => [actionInWords(action), ...namesIn(action)])
  const to = target === undefined ? ` (${rule.actions.map(actionInWords).join(', ')})` : ` (to ${target})`
  return {
    words: `${trigger}${to}`,
    calledAlso: [rule.id, trigger, ruleInWords(rule), ...(target === undefined ? [] : [target]), ...done],
  }
}

function namesIn(action: Action): readonly string[] {
  switch (action.kind) {
    case 'send':
      return [action.letter]
    case 'erase':
      return action.fields
    case 'start':
      return [action.process]
    default:
      return []
  }
}
