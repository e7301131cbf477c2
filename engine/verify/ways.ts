import type { Program } from '../program.ts'
import { placeInWords, ruleInWords } from '../wording.ts'

/** What leads into a stage, in words with places. */
export function waysInto(program: Program, to: string): readonly string[] {
  const rules = [...program.rules.values()].filter(({ goTo, mayGoTo }) => goTo === to || mayGoTo === to)
  const needs = [...program.stages.values()].flatMap(({ stage }) =>
    stage.needs.filter(({ otherwise }) => otherwise === to),
  )
  return [
    ...rules.map(({ rule }) => `\`${ruleInWords(rule)}\` (${placeInWords(rule.at)})`),
    ...needs.map(({ purpose, at }) => `lacking consent to \`${purpose}\` (${placeInWords(at)})`),
  ]
}
