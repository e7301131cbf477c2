import type { Action, Process, Stage } from '../definition.ts'
import { own } from '../named.ts'
import { type Aspect, added, changed, changes, type Matched, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { actionKey, plainActions, type Side, textKey } from './key.ts'
import { compareRules, type Sides } from './rules.ts'
import { edits } from './sequence.ts'
import { listInWords, textInWords, wholeAction, wholeRule } from './words.ts'

/** Stages' later names by their earlier ones, as `was` says: where the earlier one is gone and the later one new. */
export function renamedStages(before: Process, after: Process): ReadonlyMap<string, string> {
  return new Map(
    Object.values(after.stages).flatMap(({ name, was }) => {
      const isRename =
        was !== undefined && own(before.stages, was) && !own(after.stages, was) && !own(before.stages, name)
      return isRename ? [[was, name] as const] : []
    }),
  )
}

/** Stages of two processes side by side, renamed ones too. */
export function matchedStages(before: Process, after: Process, { before: side }: Sides): Matched<Stage> {
  const earlier = new Map(Object.values(before.stages).map((stage) => [side.stage(stage.name), stage]))
  return {
    gone: [...earlier].flatMap(([name, stage]) => (own(after.stages, name) ? [] : [stage])),
    new: Object.values(after.stages).filter(({ name }) => !earlier.has(name)),
    both: Object.values(after.stages).flatMap((stage) => {
      const was = earlier.get(stage.name)
      return was ? [{ name: stage.name, before: was, after: stage }] : []
    }),
  }
}

/** What differs in the stages of a process, but for what they show. */
export function compareStages(stages: Matched<Stage>, sides: Sides): Difference[] {
  const process = sides.after.process.name
  const subject = ({ name }: Stage): Subject => ({ what: 'stage', process, name })
  return [
    ...stages.gone.map((stage) => removed(subject(stage), stageInWords(stage), stage.at, [needsHeir(stage)])),
    ...stages.new.map((stage) => added(subject(stage), stageInWords(stage), stage.at, contents(stage))),
    ...stages.both.flatMap(({ before, after }) => [
      ...renamed(before, after, subject(after)),
      ...changes(subject(after), aspects, before, after),
      ...compareNeeds(before, after, sides),
      ...compareRequired(before, after, process),
      ...(['enter', 'leave'] as const).flatMap((when) => compareActions(when, before, after, sides)),
      ...compareRules(before.rules, after.rules, sides, { process, stage: after.name }),
    ]),
  ]
}

function needsHeir({ name }: Stage): string {
  return `cases that are there need a stage to go to: write \`was ${name}\` at it`
}

function renamed(before: Stage, after: Stage, subject: Subject): Difference[] {
  if (before.name === after.name) return []
  return [{ ...changed(subject, before.name, after.name, after.at), kind: 'renamed' }]
}

function stageInWords(stage: Stage): string {
  const end = endInWords(stage)
  return `${textInWords(stage.title)}${end === 'no end' ? '' : `, ${end}`}`
}

function endInWords({ final, success }: Stage): string {
  return final ? (success ? 'final, success' : 'final') : 'no end'
}

const aspects: readonly Aspect<Stage>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'end', words: endInWords },
  { name: 'manual entry', words: ({ manualEntry }) => manualEntry },
]

/** What a new stage holds, line by line. */
function contents(stage: Stage): string[] {
  const shown = (word: string, list: Stage['show']) =>
    list.map(({ field, to }) => `${word} ${field}${to ? ` to ${to.join(', ')}` : ''}`)
  return [
    ...(stage.manualEntry === 'forbidden' ? ['forbid manual entry'] : []),
    ...stage.needs.map(needInWords),
    ...shown('show', stage.show),
    ...shown('edit', stage.edit),
    ...(stage.require.length > 0 ? [`require ${listInWords(stage.require.map(({ field }) => field))}`] : []),
    ...stage.enter.map((action) => `on enter ${wholeAction(action)}`),
    ...stage.leave.map((action) => `on leave ${wholeAction(action)}`),
    ...stage.rules.map(wholeRule),
  ]
}

type Need = Stage['needs'][number]

function needInWords({ purpose, otherwise }: Need): string {
  return `needs consent to ${purpose}, otherwise go to ${otherwise}`
}

/** A stage may need several consents, and the first that is missing says where to. */
function compareNeeds(before: Stage, after: Stage, sides: Sides): Difference[] {
  const subject = ({ purpose }: Need): Subject => ({
    what: 'need',
    process: sides.after.process.name,
    stage: after.name,
    name: purpose,
  })
  const known = (need: Need, side: 'before' | 'after') => ({ ...need, otherwise: sides[side].stage(need.otherwise) })
  const keys = {
    all: (need: Need, side: 'before' | 'after') => needInWords(known(need, side)),
    subject: ({ purpose }: Need) => purpose,
  }
  return edits(before.needs, after.needs, keys).map((edit): Difference => {
    if (edit.kind === 'gone') return removed(subject(edit.before), needInWords(edit.before), edit.before.at)
    if (edit.kind === 'new') return added(subject(edit.after), needInWords(edit.after), edit.after.at)
    const was = needInWords(known(edit.before, 'before'))
    const difference = changed(subject(edit.after), was, needInWords(edit.after), edit.after.at)
    return edit.kind === 'moved' ? { ...difference, aspect: 'order' } : difference
  })
}

function compareRequired(before: Stage, after: Stage, process: string): Difference[] {
  const subject = (name: string): Subject => ({ what: 'required field', process, stage: after.name, name })
  const lacking = (one: Stage, other: Stage) =>
    one.require.filter(
      ({ field }, index) =>
        !other.require.some((each) => each.field === field) &&
        one.require.findIndex((each) => each.field === field) === index,
    )
  return [
    ...lacking(before, after).map(({ field, at }) => removed(subject(field), `require ${field}`, at)),
    ...lacking(after, before).map(({ field, at }) => added(subject(field), `require ${field}`, at)),
  ]
}

function compareActions(when: 'enter' | 'leave', before: Stage, after: Stage, sides: Sides): Difference[] {
  const subject = (action: Action): Subject => ({
    what: 'action',
    process: sides.after.process.name,
    stage: after.name,
    name: `on ${when} ${wholeAction(action)}`,
  })
  const keys = {
    all: (action: Action, side: 'before' | 'after') => actionKey(action, sides[side]),
    subject: (action: Action, side: 'before' | 'after') => aboutOf(action, sides[side]),
  }
  return edits(plainActions(before[when]), plainActions(after[when]), keys).map((edit): Difference => {
    if (edit.kind === 'gone') return removed(subject(edit.before), subject(edit.before).name, edit.before.at)
    const name = subject(edit.after)
    if (edit.kind === 'new') return added(name, name.name, edit.after.at)
    const difference = changed(name, subject(edit.before).name, name.name, edit.after.at)
    return edit.kind === 'moved' ? { ...difference, aspect: 'order' } : difference
  })
}

/** What an action is about, by which it is known again when the rest of it changes. */
function aboutOf(action: Action, side: Side): string {
  switch (action.kind) {
    case 'send':
      return `send ${action.letter}`
    case 'set':
      return `set ${action.field}`
    case 'erase':
      return `erase ${action.fields.join(', ')}`
    case 'record consent':
      return `record consent ${action.purpose}`
    case 'start':
      return `start ${action.process}`
    case 'write':
      return `write ${action.document}`
    case 'call':
      return `call ${action.webhook}`
    case 'go to':
      return `go to ${side.stage(action.stage)}`
    default:
      return action.kind
  }
}
