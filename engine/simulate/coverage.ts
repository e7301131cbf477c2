import type { LogEntry } from '../decision.ts'
import type { Place } from '../definition.ts'
import type { Machine } from '../machine.ts'
import type { CompiledRule } from '../program.ts'
import { ruleInWords } from '../wording.ts'
import type { Telling } from './play.ts'

/** How much of a process its scenarios have shown. */
export interface Coverage {
  readonly process: string
  readonly stages: Part
  readonly transitions: Part
}

export interface Part {
  readonly total: number
  readonly covered: number
  /** What no scenario shows, in the order of the process. */
  readonly missing: readonly Uncovered[]
}

export interface Uncovered {
  readonly words: string
  readonly at: Place
}

interface Transition extends Uncovered {
  readonly key: string
}

/**
 * Which stages the tellings came to, and which transitions they took: each rule that leads somewhere, once, and each
 * `needs consent … otherwise`. Free moves are not counted, for no rule says them.
 */
export function coverageOf(machine: Machine, tellings: readonly Telling[]): Coverage {
  const visited = new Set(tellings.flatMap(({ visited: stages }) => stages))
  const taken = new Set(tellings.flatMap(({ story }) => story.flatMap(({ log }) => takenIn(machine, log))))
  const stages = [...machine.stages.values()].map(({ stage }) => ({
    key: stage.name,
    words: stage.name,
    at: stage.at,
  }))
  return {
    process: machine.process.name,
    stages: part(stages, visited),
    transitions: part(transitionsOf(machine), taken),
  }
}

function part(all: readonly Transition[], shown: ReadonlySet<string>): Part {
  const missing = all.filter(({ key }) => !shown.has(key))
  return { total: all.length, covered: all.length - missing.length, missing }
}

function transitionsOf({ stages, rules }: Machine): readonly Transition[] {
  const everywhere = [...rules.values()].filter(({ stage }) => stage === undefined).flatMap(ofRule)
  const inStages = [...stages.values()].flatMap(({ stage, rules: here }) => [
    ...stage.needs.map(({ purpose, otherwise, at }) => ({
      key: gateKey(stage.name, purpose),
      words: `${stage.name} → ${otherwise}, without a valid consent to ${purpose}`,
      at,
    })),
    ...here.filter((rule) => rule.stage !== undefined).flatMap(ofRule),
  ])
  return [...inStages, ...everywhere]
}

function ofRule({ rule, stage, goTo, mayGoTo }: CompiledRule): readonly Transition[] {
  const to = goTo ?? mayGoTo
  if (to === undefined) return []
  return [{ key: rule.id, words: `${stage ?? 'any stage'} → ${to}, ${ruleInWords(rule)}`, at: rule.at }]
}

function gateKey(stage: string, purpose: string): string {
  return `${stage} needs ${purpose}`
}

function takenIn(machine: Machine, log: readonly LogEntry[]): readonly string[] {
  return log.flatMap((entry, index) => {
    if (entry.type === 'needs consent') return gatesOf(machine, log, index)
    return entry.rule !== undefined && entry.to !== undefined ? [entry.rule] : []
  })
}

/** The stage that lacked the consent: the one that the case was in, or the one that it was on its way to. */
function gatesOf({ stages, rules, first }: Machine, log: readonly LogEntry[], index: number): readonly string[] {
  const { purpose, from } = log[index] ?? {}
  if (purpose === undefined) return []
  const needs = (stage: string | undefined) =>
    stages.get(stage ?? '')?.stage.needs.some((need) => need.purpose === purpose) ?? false
  if (from !== undefined && needs(from)) return [gateKey(from, purpose)]
  const cause = log.slice(0, index).findLast(({ rule }) => rules.has(rule ?? ''))
  const rule = rules.get(cause?.rule ?? '')
  const target = rule ? (rule.goTo ?? rule.mayGoTo) : first
  if (target !== undefined && needs(target)) return [gateKey(target, purpose)]
  return [...stages.keys()].filter(needs).map((stage) => gateKey(stage, purpose))
}
