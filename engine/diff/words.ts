import type { Action, FieldType, Keep, Rule, Text } from '../definition.ts'
import { actionInWords, durationInWords, expressionInWords, ruleInWords } from '../wording.ts'

/** Parts of a definition in full, as the text notation writes them: two that differ read differently. */

/** `"Order" pl "Zamówienie"`. */
export function textInWords(text: Text): string {
  return Object.entries(text)
    .map(([language, words]) => (language === 'en' ? quoted(words) : `${language} ${quoted(words)}`))
    .join(' ')
}

export function quoted(words: string): string {
  return words.includes('\n') ? `"""\n${words}"""` : `"${words}"`
}

/** `roles and fields`, or `none`. */
export function listInWords(words: readonly string[], none = 'none'): string {
  return words.length > 0 ? words.join(', ') : none
}

export function typeInWords(type: FieldType): string {
  if (!('options' in type)) return type.kind
  return `${type.kind} (${type.options.map(optionInWords).join(', ')})`
}

function optionInWords(option: string): string {
  return /^[a-z][a-z0-9_]*$/.test(option) ? option : quoted(option)
}

export function keepInWords(keep: Keep): string {
  return 'until' in keep ? `until ${keep.until}` : `${durationInWords(keep.for)} after ${keep.after}`
}

/** An action with all that it says; `engine/wording.ts` leaves out what a path has no room for. */
export function wholeAction(action: Action): string {
  const words = actionInWords({ ...action, when: undefined } as Action)
  const condition = action.when ? ` when ${expressionInWords(action.when)}` : ''
  return `${words}${rest(action)}${condition}`
}

function rest(action: Action): string {
  switch (action.kind) {
    case 'notify':
      return ` ${textInWords(action.text)}`
    case 'start': {
      const values = Object.entries(action.with).map(([name, value]) => `${name} = ${expressionInWords(value)}`)
      return values.length > 0 ? ` with ${values.join(', ')}` : ''
    }
    case 'call':
      return action.with.length > 0 ? ` with ${action.with.join(', ')}` : ''
    default:
      return ''
  }
}

/** A rule from trigger to last action: `after 14 days go to cancelled`. */
export function wholeRule(rule: Rule): string {
  const { trigger } = rule
  const button = trigger.kind === 'move' && trigger.as ? ` as ${textInWords(trigger.as)}` : ''
  const actions = rule.actions.map(wholeAction)
  const last = rule.actions.at(-1)
  const going = last?.kind === 'go to' ? ` ${actions.pop()}` : ''
  const doing = actions.length > 0 ? ` { ${actions.join('; ')} }` : ''
  return `${ruleInWords(rule)}${button}${doing}${going}`
}
