import type { BodyOf } from '../text/body.ts'
import type { Ending } from '../text/ending.ts'
import { actions, declarations, expressionWords, happenings, stageWords, triggers } from '../vocabulary.ts'

type Helped = Readonly<Record<string, string | { readonly help: string }>>

const inWorkspace: Helped = declarations
const inStage: Helped = { ...stageWords, ...triggers }
const inProcess: Helped = { ...triggers, ...declarations.process.properties }

function helpedIn(of: BodyOf): Helped {
  if (of === 'workspace') return inWorkspace
  if (of === 'stage') return inStage
  if (of === 'process') return inProcess
  if (of === 'rule') return actions
  return declarations[of].properties
}

/** What a word means that begins a statement of a body. */
export function helpInBody(word: string, of: BodyOf): string | undefined {
  return helpIn(helpedIn(of), word)
}

/** What a word means after `on`. */
export function helpAfterOn(word: string): string | undefined {
  return helpIn(happenings, word)
}

export function helpInExpression(word: string): string | undefined {
  return helpIn(expressionWords, word)
}

/** The words of an expression that begin with this one: `consent` is the beginning of `consent to`. */
export function wholePhrase(word: string): string {
  return Object.keys(expressionWords).find((phrase) => phrase.startsWith(`${word} `)) ?? word
}

/** Whether a happening may stand there: what comes after `on`. */
export function isAfterOn(ending: Ending): boolean {
  return ending.types.some((type) => type.LABEL === '`enter`')
}

function helpIn(table: Helped, word: string): string | undefined {
  const found = Object.hasOwn(table, word) ? table[word] : undefined
  return typeof found === 'object' ? found.help : found
}
