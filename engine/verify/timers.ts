import type { Duration, Rule } from '../definition.ts'
import { own } from '../named.ts'
import type { Program } from '../program.ts'

/** The `after` rules that start together: whether each may have fired has to be followed, and which fire before it. */
export interface TimerOrder {
  readonly followed: readonly string[]
  readonly earlier: (id: string) => readonly string[]
  /** Rules that never fire, since another always takes the case away before. */
  readonly overtaken: (id: string) => boolean
}

/** Of a stage's rules, or, with its program, of those of the whole process, which leaving a stage does not stop. */
export function orderedTimers(rules: readonly Rule[], lasting: Program | false = false): TimerOrder {
  const found = known.get(rules)
  if (found) return found
  const made = orderTimers(rules, lasting)
  known.set(rules, made)
  return made
}

/** A list of rules is either a stage's or a process's, so it has one order. */
const known = new WeakMap<readonly Rule[], TimerOrder>()

function orderTimers(rules: readonly Rule[], lasting: Program | false): TimerOrder {
  const timers = rules.flatMap((rule) =>
    rule.trigger.kind === 'after' ? [{ rule, span: spanOf(rule.trigger.delay) }] : [],
  )
  const before = (id: string) => {
    const own = timers.find(({ rule }) => rule.id === id)
    return own
      ? timers.filter(({ rule, span }) => span.longest < own.span.shortest || isLessOfTheSame(rule, own.rule))
      : []
  }
  return {
    followed: timers.filter(({ rule }) => isFollowed(rule, lasting !== false)).map(({ rule }) => rule.id),
    earlier: (id) => before(id).flatMap(({ rule }) => (isFollowed(rule, lasting !== false) ? [rule.id] : [])),
    overtaken: (id) => before(id).some(({ rule }) => alwaysGoes(rule) && (!lasting || ends(lasting, rule))),
  }
}

/** Working time depends on the calendar, but less of it is over sooner. */
function isLessOfTheSame({ trigger: a }: Rule, { trigger: b }: Rule): boolean {
  if (a.kind !== 'after' || b.kind !== 'after') return false
  return a.delay.working === b.delay.working && a.delay.unit === b.delay.unit && a.delay.amount < b.delay.amount
}

function isFollowed(rule: Rule, lasting: boolean): boolean {
  return changesAnything(rule) && (lasting || !alwaysGoes(rule))
}

function ends({ process }: Program, { actions }: Rule): boolean {
  const last = actions.at(-1)
  return last?.kind === 'go to' && own(process.stages, last.stage)?.final === true
}

function alwaysGoes({ when, actions }: Rule): boolean {
  const last = actions.at(-1)
  return when === undefined && last?.kind === 'go to' && last.when === undefined
}

function changesAnything({ actions }: Rule): boolean {
  return actions.some(({ kind }) => kind !== 'notify' && kind !== 'assign' && kind !== 'write' && kind !== 'call')
}

const day = 24 * 60
const shortest = { minute: 1, hour: 60, day, week: 7 * day, month: 28 * day, year: 365 * day }
const longest = { minute: 1, hour: 60, day, week: 7 * day, month: 31 * day, year: 366 * day }

/** How many minutes a duration is, whenever it begins; an hour either way for days of a change to summer time. */
function spanOf({ amount, unit, working }: Duration): { readonly shortest: number; readonly longest: number } {
  const slack = unit === 'minute' || unit === 'hour' ? 0 : 60
  const least = (working && slack > 0 ? amount - 1 : amount) * shortest[unit] - slack
  return { shortest: least, longest: working ? Number.POSITIVE_INFINITY : amount * longest[unit] + slack }
}
