import type { Place, Process, Shown, Stage } from '../definition.ts'
import { own } from '../named.ts'
import { changed, type Matched } from './compare.ts'
import type { Difference } from './difference.ts'
import { setKey } from './key.ts'
import { listInWords } from './words.ts'

type StagePair = Matched<Stage>['both'][number]

/** How a field is shown to somebody: to a role, to the client, or to all of the staff who see cases at all (`''`). */
interface Grant {
  readonly may: 'see' | 'edit'
  readonly who: string
  readonly at: Place
}

interface Change {
  readonly field: string
  /** In words, as `lost` and `won` say it. */
  readonly before: string
  readonly after: string
  readonly lost: readonly Grant[]
  readonly won: readonly Grant[]
}

/**
 * What differs in who sees and who edits which field at which stage, wherever the definition says it. What is the same at every
 * stage is told once; fields and stages that are in one definition only tell of it themselves.
 */
export function compareVisibility(before: Process, after: Process, stages: readonly StagePair[]): Difference[] {
  const fields = Object.keys(after.fields).filter((field) => own(before.fields, field))
  const byStage = stages.map((pair) => ({
    pair,
    changes: fields.flatMap((field) => changeOf(field, before, after, pair)),
  }))
  const [first] = byStage
  if (!first) return []
  const everywhere = first.changes.filter(
    (change) => byStage.length > 1 && byStage.every(({ changes }) => changes.some((each) => isSame(each, change))),
  )
  return [
    ...everywhere.map((change) => difference(after, change)),
    ...byStage.flatMap(({ pair, changes }) =>
      changes
        .filter((change) => !everywhere.some((each) => isSame(each, change)) && !isAsBefore(change, pair))
        .map((change) => difference(after, change, pair.after)),
    ),
  ]
}

function changeOf(field: string, before: Process, after: Process, pair: StagePair): Change[] {
  const was = grantsOf(field, before, pair.before)
  const is = grantsOf(field, after, pair.after)
  const lost = lacking(was, is)
  const won = lacking(is, was)
  if (lost.length === 0 && won.length === 0) return []
  return [{ field, before: grantsInWords(lost), after: grantsInWords(won), lost, won }]
}

function lacking(some: readonly Grant[], others: readonly Grant[]): readonly Grant[] {
  return some.filter(({ may, who }) => !others.some((other) => other.may === may && other.who === who))
}

function isSame(one: Change, other: Change): boolean {
  return one.field === other.field && one.before === other.before && one.after === other.after
}

/** At an end nobody edits any more: who might sees. */
function isAsBefore({ lost, won }: Change, { after }: StagePair): boolean {
  const audience = (grants: readonly Grant[]) => setKey(grants.map(({ who }) => who))
  return after.final && audience(lost) === audience(won)
}

function difference(process: Process, { field, before, after, lost, won }: Change, stage?: Stage): Difference {
  const subject = {
    what: 'visibility' as const,
    process: process.name,
    ...(stage && { stage: stage.name }),
    name: field,
  }
  const kind = lost.length === 0 ? 'added' : won.length === 0 ? 'removed' : 'changed'
  const at = (won[0] ?? lost[0])?.at
  return { ...changed(subject, before || undefined, after || undefined, at), kind }
}

/** To whom a stage and its process show a field, each once; what another grant includes is left out. */
function grantsOf(field: string, process: Process, stage: Stage): readonly Grant[] {
  const editors = grants('edit', [...stage.edit, ...process.edit], field)
  const readers = grants('see', [...stage.show, ...process.show], field)
  return [...editors, ...readers.filter(({ who }) => !includes(editors, who))]
}

function grants(may: Grant['may'], list: readonly Shown[], field: string): readonly Grant[] {
  const all = list
    .filter((shown) => shown.field === field)
    .flatMap(({ to, at }) => (to && to.length > 0 ? to : ['']).map((who) => ({ may, who, at })))
  return all.filter(
    ({ who }, index) =>
      all.findIndex((each) => each.who === who) === index &&
      (who === '' ||
        !includes(
          all.filter((each) => each.who !== who),
          who,
        )),
  )
}

function includes(grants: readonly Grant[], one: string): boolean {
  return grants.some(({ who }) => who === one || (who === '' && one !== 'client'))
}

function grantsInWords(grants: readonly Grant[]): string {
  const some = (may: Grant['may'], words: string, link: string) => {
    const names = grants.filter((grant) => grant.may === may).map(({ who }) => who)
    if (names.length === 0) return []
    if (names.length === 1 && names[0] === '') return [words]
    const listed = names.toSorted().map((who) => who || 'staff')
    return [`${words} ${link} ${listInWords(listed)}`]
  }
  return [...some('see', 'shown', 'to'), ...some('edit', 'editable', 'by')].join('; ')
}

/** Where a process shows a field, for one that is new: `shown at arranging`. */
export function whereSeen(process: Process, field: string): readonly string[] {
  const stages = Object.values(process.stages).map((stage) => ({
    name: stage.name,
    words: grantsInWords(grantsOf(field, process, stage)),
  }))
  const ways = [...new Set(stages.map(({ words }) => words))].filter((words) => words !== '')
  return ways.map((words) => {
    const at = stages.filter((stage) => stage.words === words).map(({ name }) => name)
    return `${words} at ${at.length === stages.length && at.length > 1 ? 'every stage' : listInWords(at)}`
  })
}
