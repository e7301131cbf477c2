import type { CaseRight, Definition, Process } from '../definition.ts'
import { type Aspect, added, changed, changes, matched, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { compareFields } from './fields.ts'
import { setKey, textKey } from './key.ts'
import { compareRules, type Sides, sidesOf } from './rules.ts'
import { compareStages, matchedStages, renamedStages } from './stages.ts'
import { compareVisibility } from './visibility.ts'
import { listInWords, textInWords } from './words.ts'

/** What differs in the processes: each new or gone one is a single difference, whatever it holds. */
export function compareProcesses(before: Definition, after: Definition): Difference[] {
  const sides = matched(before.processes, after.processes)
  return [
    ...sides.gone.map((process) => removed(subjectOf(process), textInWords(process.title), process.at)),
    ...sides.new.map((process) => added(subjectOf(process), textInWords(process.title), process.at, contents(process))),
    ...sides.both.flatMap((pair) => compareProcess(pair.before, pair.after)),
  ]
}

function subjectOf({ name }: Process): Subject {
  return { what: 'process', process: name, name }
}

function contents({ stages, fields }: Process): string[] {
  return [
    `stages: ${listInWords(Object.keys(stages))}`,
    ...(Object.keys(fields).length > 0 ? [`fields: ${listInWords(Object.keys(fields))}`] : []),
  ]
}

function compareProcess(before: Process, after: Process): Difference[] {
  const sides = sidesOf(before, after, renamedStages(before, after))
  const stages = matchedStages(before, after, sides)
  return [
    ...changes(subjectOf(after), aspects, before, after),
    ...compareFirstStage(sides),
    ...compareAccess(before, after),
    ...compareFields(before, after),
    ...compareStages(stages, sides),
    ...compareVisibility(before, after, stages.both),
    ...compareRules(before.rules, after.rules, sides, { process: after.name }),
  ]
}

const aspects: readonly Aspect<Process>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'portal', words: ({ portal }) => (portal ? 'shown in the portal' : 'not in the portal') },
  { name: 'moves', words: ({ moves }) => moves },
]

/** Of the order of stages only this has a meaning: a case starts in the first. */
function compareFirstStage({ before, after }: Sides): Difference[] {
  const [was] = Object.keys(before.process.stages)
  const [is] = Object.keys(after.process.stages)
  if (was === undefined || is === undefined || before.stage(was) === is) return []
  return [{ ...changed(subjectOf(after.process), was, is, after.process.stages[is]?.at), aspect: 'first stage' }]
}

function compareAccess(before: Process, after: Process): Difference[] {
  const subject = (name: string): Subject => ({ what: 'access', process: after.name, name })
  const named = ({ access }: Process) =>
    Object.fromEntries(Object.entries(access).map(([name, rights]) => [name, { name, rights }]))
  const sides = matched(named(before), named(after))
  return [
    ...sides.gone.map(({ name, rights }) => removed(subject(name), rightsInWords(rights), before.at)),
    ...sides.new.map(({ name, rights }) => added(subject(name), rightsInWords(rights), after.at)),
    ...sides.both.flatMap(({ name, before: was, after: is }) =>
      setKey(was.rights) === setKey(is.rights)
        ? []
        : [changed(subject(name), rightsInWords(was.rights), rightsInWords(is.rights), after.at)],
    ),
  ]
}

function rightsInWords(rights: readonly CaseRight[]): string {
  return listInWords(rights, 'nothing')
}
