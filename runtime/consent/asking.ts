import type { Process } from '../../engine/definition.ts'

/** The purposes whose consent the rules of a process take from an answer to a letter. */
export function purposesAskedBy(letter: string, { rules, stages }: Process): readonly string[] {
  const all = [...rules, ...Object.values(stages).flatMap((stage) => stage.rules)]
  const asked = all
    .filter(({ trigger }) => trigger.kind === 'reply' && trigger.letter === letter)
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === 'record consent' && action.decision === 'given' ? [action.purpose] : []))
  return [...new Set(asked)]
}
