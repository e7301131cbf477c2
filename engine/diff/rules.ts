import type { Process, Rule } from '../definition.ts'
import { normalSaying } from '../saying.ts'
import { added, changed, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { actionKeys, durationKey, expressionKey, ruleKey, type Side, triggerKey } from './key.ts'
import { listInWords, wholeRule } from './words.ts'

interface Pair {
  readonly before: Rule
  readonly after: Rule
}

/** The two sides of a comparison of processes. */
export interface Sides {
  readonly before: Side
  readonly after: Side
}

/** What differs in the rules of a stage, or in those of a process for all its stages. */
export function compareRules(
  before: readonly Rule[],
  after: readonly Rule[],
  sides: Sides,
  place: Pick<Subject, 'process' | 'stage'>,
): Difference[] {
  const subject = (rule: Rule): Subject => ({ what: 'rule', ...place, name: wholeRule(rule) })
  const { pairs, gone, fresh } = paired(before, after, sides)
  const differing = pairs.filter((pair) => ruleKey(pair.before, sides.before) !== ruleKey(pair.after, sides.after))
  return [
    ...gone.map((rule) => removed(subject(rule), wholeRule(rule), rule.at)),
    ...fresh.map((rule) => added(subject(rule), wholeRule(rule), rule.at)),
    ...differing.map((pair) => changed(subject(pair.after), ...wordsOf(pair, sides), pair.after.at)),
    ...order(pairs, before, after, sides, place),
  ]
}

function wordsOf(pair: Pair, { before }: Sides): [string, string] {
  return [wholeRule(withStages(pair.before, before)), wholeRule(pair.after)]
}

/** An earlier rule in words that know the stages' new names, lest a rename read as a change of the rule. */
function withStages(rule: Rule, side: Side): Rule {
  const actions = rule.actions.map((action) =>
    action.kind === 'go to' ? { ...action, stage: side.stage(action.stage) } : action,
  )
  const { trigger } = rule
  return { ...rule, actions, trigger: trigger.kind === 'move' ? { ...trigger, to: side.stage(trigger.to) } : trigger }
}

/**
 * Rules put side by side: those that say the same; of the rest those set off by the same, best with the same actions or the same condition; of the
 * rest those of one kind that do the same.
 */
export function paired(before: readonly Rule[], after: readonly Rule[], sides: Sides) {
  const pairs: Pair[] = []
  let gone = [...before]
  let fresh = [...after]
  for (const key of likenesses) {
    const left = [...fresh]
    gone = gone.filter((rule) => {
      const wanted = key(rule, sides.before)
      const index = wanted === undefined ? -1 : left.findIndex((each) => key(each, sides.after) === wanted)
      const [found] = index < 0 ? [] : left.splice(index, 1)
      if (found) pairs.push({ before: rule, after: found })
      return !found
    })
    fresh = left
  }
  return { pairs, gone, fresh }
}

type Likeness = (rule: Rule, side: Side) => string | undefined

const does: Likeness = (rule, side) => JSON.stringify(actionKeys(rule.actions, side))
const holds: Likeness = (rule, side) => expressionKey(rule.when, side)
const trigger: Likeness = (rule, side) => triggerKey(rule, side)
const both =
  (one: Likeness, other: Likeness): Likeness =>
  (rule, side) => {
    const key = one(rule, side)
    return key === undefined ? undefined : `${key} ${other(rule, side)}`
  }
/** The kind, of rules that do something by which they are known again. */
const kind: Likeness = ({ trigger, actions }) => (actions.length > 0 ? trigger.kind : undefined)

const likenesses: readonly Likeness[] = [
  ruleKey,
  both(trigger, does),
  both(trigger, holds),
  trigger,
  both(kind, both(holds, does)),
  both(kind, does),
]

/** Where rules that the same event sets off have changed places: the first that matches wins. */
function order(
  pairs: readonly Pair[],
  before: readonly Rule[],
  after: readonly Rule[],
  sides: Sides,
  place: Pick<Subject, 'process' | 'stage'>,
): Difference[] {
  const swapped = pairs.filter((pair) =>
    pairs.some(
      (other) =>
        before.indexOf(pair.before) < before.indexOf(other.before) !==
          after.indexOf(pair.after) < after.indexOf(other.after) &&
        pair !== other &&
        compete(pair.before, other.before, sides.before) &&
        compete(pair.after, other.after, sides.after),
    ),
  )
  const [first] = swapped.toSorted((a, b) => after.indexOf(a.after) - after.indexOf(b.after))
  if (!first) return []
  const was = swapped.map((pair) => pair.before).toSorted((a, b) => before.indexOf(a) - before.indexOf(b))
  const is = swapped.map((pair) => pair.after).toSorted((a, b) => after.indexOf(a) - after.indexOf(b))
  const subject: Subject = { what: 'rule', ...place, name: wholeRule(first.after) }
  const inWords = (rules: readonly Rule[]) => listInWords(rules.map(wholeRule).map((words) => `\`${words}\``))
  const earlier = was.map((rule) => withStages(rule, sides.before))
  return [{ ...changed(subject, inWords(earlier), inWords(is), first.after.at), aspect: 'order' }]
}

/** Whether one event may set off either of two rules, so that their order decides. */
function compete(one: Rule, other: Rule, side: Side): boolean {
  const [a, b] = [one.trigger, other.trigger]
  if (a.kind === 'reply' && b.kind === 'reply') {
    return (
      (a.letter === undefined || b.letter === undefined || a.letter === b.letter) && mayBothBeSaid(a.saying, b.saying)
    )
  }
  if (a.kind === 'after' && b.kind === 'after') return durationKey(a.delay) === durationKey(b.delay)
  if (a.kind === 'when') return b.kind === 'when'
  return triggerKey(one, side) === triggerKey(other, side)
}

function mayBothBeSaid(one: readonly string[], other: readonly string[]): boolean {
  if (one.length === 0 || other.length === 0) return true
  const phrases = new Set(one.map(normalSaying))
  return other.some((phrase) => phrases.has(normalSaying(phrase)))
}

/** Both sides of two processes, `renamed` leading from a stage's earlier name to its later one. */
export function sidesOf(before: Process, after: Process, renamed: ReadonlyMap<string, string>): Sides {
  return {
    before: { process: before, stage: (name) => renamed.get(name) ?? name },
    after: { process: after, stage: (name) => name },
  }
}
