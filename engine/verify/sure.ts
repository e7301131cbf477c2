import type { Stage } from '../definition.ts'
import { own } from '../named.ts'
import { consentsToReach } from '../reach.ts'
import { rolesWith } from '../rights.ts'
import { and, type Bits, isWithin, or } from './bits.ts'
import type { Exploration } from './explore.ts'
import { type Facts, isEditable } from './facts.ts'
import { beforeSpread } from './space.ts'
import type { System } from './system.ts'
import { orderedTimers } from './timers.ts'
import { assumptionsFor, filledTruth, nothingAssumed, truthOf } from './truth.ts'

/**
 * Stages from which an end is sure to be in reach: from wherever a case rests there, whatever its facts and without any consent, a
 * person or the time can lead it on, and however that goes, it is on the way to an end. Where that holds of all stages, nothing
 * has to be explored to know it.
 */
export function sureStages({ system }: Exploration, success: boolean): ReadonlySet<string> {
  const { facts } = system
  const { process } = facts.program
  const stages = Object.values(process.stages)
  const good = new Set(stages.filter((stage) => stage.final && (!success || stage.success)).map(({ name }) => name))
  const options = optionsOf(system)
  for (let changed = true; changed; ) {
    changed = false
    for (const [stage, ways] of options) {
      if (good.has(stage) || !ways.some((outcomes) => outcomes.every((to) => good.has(to)))) continue
      good.add(stage)
      changed = true
    }
  }
  return good
}

type Options = ReadonlyMap<string, readonly (readonly string[])[]>

const known = new WeakMap<System, Options>()

/** Where each thing that surely can be done may lead, by stage; asked for several times, so worked out once. */
function optionsOf(system: System): Options {
  const found = known.get(system)
  if (found) return found
  const stages = Object.values(system.facts.program.process.stages)
  const made = new Map(
    stages.map((stage) => [stage.name, stage.final ? [] : optionsAt(system.facts.at(stage.name), stage)]),
  )
  known.set(system, made)
  return made
}

/** Whether from all that cases come to an end is sure to be in reach. */
export function isSureEverywhere(exploration: Exploration): boolean {
  const sure = sureStages(exploration, false)
  return [...exploration.reached.keys()].every(({ stage }) => stage === '' || sure.has(stage))
}

/** Where each thing that surely can be done at a stage may lead. */
function optionsAt(facts: Facts, stage: Stage): readonly (readonly string[])[] {
  const { process } = facts.program
  const rules = facts.program.stages.get(stage.name)?.rules ?? []
  const aside = rules.flatMap(({ rule, goTo, mayGoTo }) => (rule.trigger.kind === 'when' ? [goTo ?? mayGoTo] : []))
  const intime = rules.flatMap(({ rule: { trigger }, goTo, mayGoTo }) =>
    trigger.kind === 'after' || trigger.kind === 'at' ? [goTo ?? mayGoTo] : [],
  )
  const outcomes = (targets: readonly (string | undefined)[]) => [
    ...new Set(targets.flatMap((to) => (to === undefined ? [] : arrivals(facts, to)))),
  ]
  const options: (readonly string[])[] = []
  const order = orderedTimers(stage.rules)
  for (const { rule, goTo } of rules) {
    const { trigger, when, id } = rule
    if (trigger.kind === 'after' && !when && goTo !== undefined && !order.overtaken(id) && stage.rules.includes(rule)) {
      options.push(outcomes([goTo, ...aside, ...intime]))
    }
    if (trigger.kind === 'move' && mayMove(facts, stage, trigger.to, trigger.by) && canBeMade(facts, stage, when)) {
      options.push(outcomes([trigger.to, ...aside]))
    }
  }
  if (process.moves !== 'free') return options
  for (const other of Object.values(process.stages)) {
    const ruled = rules.some(({ rule: { trigger } }) => trigger.kind === 'move' && trigger.to === other.name)
    if (
      other !== stage &&
      !ruled &&
      mayMove(facts, stage, other.name, undefined) &&
      canBeMade(facts, stage, undefined)
    ) {
      options.push(outcomes([other.name, ...aside]))
    }
  }
  return options
}

/** Where a case may come to rest that is sent to a stage. */
export function arrivals({ program }: Facts, to: string): readonly string[] {
  const found = new Set([to])
  for (const name of found) {
    const compiled = program.stages.get(name)
    if (!compiled || compiled.stage.final) continue
    for (const { otherwise } of compiled.stage.needs) found.add(otherwise)
    for (const { rule, goTo, mayGoTo } of compiled.rules) {
      const next = goTo ?? mayGoTo
      if (rule.trigger.kind === 'when' && next !== undefined) found.add(next)
    }
  }
  return [...found]
}

function mayMove({ program }: Facts, stage: Stage, to: string, by: readonly string[] | undefined): boolean {
  const { process } = program
  const target = own(process.stages, to)
  if (!target || target === stage || target.manualEntry === 'forbidden' || target.needs.length > 0) return false
  if (Object.keys(process.access).length === 0) return true
  const movers = rolesWith(process, 'move')
  return by === undefined || by.length === 0 ? movers.length > 0 : by.some((role) => movers.includes(role))
}

/**
 * Whether somebody can always fill fields in so that what a stage requires is there and a condition holds. Where a rule of the stage
 * changes facts as soon as something holds, what is filled in need not stay.
 */
function canBeMade(facts: Facts, stage: Stage, when: Parameters<typeof truthOf>[1]): boolean {
  const { space, program } = facts
  const rules = program.stages.get(stage.name)?.rules ?? []
  const canFill = (name: string) => {
    const field = own(program.process.fields, name)
    const kind = field?.type.kind
    if (!field || kind === 'client email' || kind === 'client phone') return false
    return consentsToReach(program.definition, field) === undefined && isEditable(program.process, stage, name)
  }
  const required = stage.require.map(({ field }) => field)
  if (required.some((name) => facts.free.has(name) && !canFill(name))) return false
  const filled = required.reduce<Bits>(
    (set, name) => (facts.free.has(name) ? set : and(set, filledTruth(facts, name, nothingAssumed).must)),
    space.all,
  )
  const usable = assumptionsFor(facts, [when]).filter((assumed) =>
    [...assumed].every(([key, value]) => {
      const name = key.slice('field:'.length)
      if (!key.startsWith('field:')) return true
      return canFill(name) && !(required.includes(name) && facts.fields.get(name)?.of[value] === undefined)
    }),
  )
  let made = usable.reduce<Bits>((set, assumed) => or(set, truthOf(facts, when, assumed).must), space.nothing)
  made = and(made, filled)
  const isUndisturbed = rules.every(({ rule: { id } }) => space.indexOf(`fired:${id}`) === undefined)
  for (const [variable, { key, size }] of space.variables.entries()) {
    const isField = key.startsWith('field:') && canFill(key.slice('field:'.length))
    const isOpen = key.startsWith('moment:') || (isUndisturbed && isField)
    if (isOpen) made = beforeSpread(space, made, variable, 2 ** size - 1)
  }
  return isWithin(space.all, made)
}
