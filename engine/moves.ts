import type { Actor, CaseState } from './case.ts'
import type { RefusalCode, Refused } from './decision.ts'
import type { Text } from './definition.ts'
import { own } from './named.ts'
import { type CompiledRule, type CompiledStage, mayBy, type Program } from './program.ts'
import { hasBasis, inReach } from './reach.ts'
import { refuse } from './refuse.ts'
import { hasRight, rolesWith } from './rights.ts'
import { inLanguage } from './text.ts'
import { expressionInWords, placeInWords, ruleInWords } from './wording.ts'

/** A stage a person might move a case to: allowed now, or why not. */
export interface PossibleMove {
  readonly to: string
  /** The words of the button: the rule's `as`, else the stage's title. */
  readonly title: Text
  readonly allowed: boolean
  /** Whether a rule or `moves free` offers it at this stage: others are refused whatever happens, and need no button. */
  readonly declared: boolean
  readonly code?: RefusalCode
  readonly because?: string
}

/** Every other stage in the order of writing, with the answer a move there would get now; none for a case that has ended. */
export function possibleMoves(
  program: Program,
  state: CaseState,
  actor: Actor,
  clock: { readonly now: string },
): readonly PossibleMove[] {
  if (state.ended !== 'no') return []
  return [...program.stages.values()]
    .filter(({ stage }) => stage.name !== state.stage)
    .map(({ stage }) => {
      const rules = movesTo(program, state, stage.name)
      const refused = checkMove(program, state, actor, stage.name, clock.now)
      const rule = rules.find((each) => moveOf(each).by === undefined || mayBy(moveOf(each).by, actor)) ?? rules[0]
      return {
        to: stage.name,
        title: (rule && moveOf(rule).as) ?? stage.title,
        allowed: refused === undefined,
        declared: stage.manualEntry === 'allowed' && (rules.length > 0 || program.process.moves === 'free'),
        ...(refused && { code: refused.code, because: refused.because }),
      }
    })
}

/** Why this actor may not move the case to a stage now, or undefined where they may: the one place that says so. */
export function checkMove(
  program: Program,
  state: CaseState,
  actor: Actor,
  to: string,
  now: string,
): Refused | undefined {
  const current = program.stages.get(state.stage)
  const target = program.stages.get(to)
  if (state.ended !== 'no') return endedCase(program, state)
  if (!mayMove(program, actor)) return lacksMoveRight(program)
  if (!target) {
    const stages = [...program.stages.keys()].join(', ')
    const because = `process \`${program.process.name}\` has no such stage (${placeInWords(program.process.at)}); it has ${stages}`
    return refuse('not-declared', because, program.process.at)
  }
  if (!current || target.stage.name === state.stage) {
    return refuse(
      'not-declared',
      `the case is in ${titled(target)} (${placeInWords(target.stage.at)}) already`,
      target.stage.at,
    )
  }
  if (target.stage.manualEntry === 'forbidden') return forbidsEntry(program, target)
  const rules = movesTo(program, state, to)
  if (rules.length === 0 && program.process.moves === 'declared') return notDeclared(program, state, target)
  const open = rules.filter((each) => mayBy(moveOf(each).by, actor))
  if (rules.length > 0 && open.length === 0) return notForRole(rules, target)
  return lacksConsent(program, state, target) ?? lacksFields(program, state, current) ?? fails(open, state, now, target)
}

/** The refusal of anything that would go on with a case that has ended. */
export function endedCase(program: Program, state: CaseState): Refused {
  const stage = program.stages.get(state.stage)
  const where = stage ? ` in ${titled(stage)} (${placeInWords(stage.stage.at)})` : ''
  return refuse(
    'case-ended',
    `the case has ended${where}: nothing more can be done in it; start a new one`,
    stage?.stage.at,
  )
}

function mayMove({ process }: Program, actor: Actor): boolean {
  return actor.kind === 'staff' ? hasRight(process, actor.roles, 'move') : actor.kind === 'system'
}

function lacksMoveRight({ process }: Program): Refused {
  const who = anyOf(rolesWith(process, 'move'))
  const because = `moving a case of \`${process.name}\` needs the role ${who} (${placeInWords(process.at)})`
  return refuse('role-missing', because, process.at)
}

function movesTo(program: Program, state: CaseState, to: string): readonly CompiledRule[] {
  const rules = program.stages.get(state.stage)?.rules ?? []
  return rules.filter(({ rule }) => rule.trigger.kind === 'move' && rule.trigger.to === to)
}

function moveOf({ rule }: CompiledRule): { readonly by?: readonly string[]; readonly as?: Text } {
  return rule.trigger.kind === 'move' ? rule.trigger : {}
}

function titled({ stage }: CompiledStage): string {
  return `“${inLanguage(stage.title, 'en') || stage.name}”`
}

function anyOf(names: readonly string[]): string {
  return names.length > 0 ? names.map((name) => `\`${name}\``).join(' or ') : 'that no role has'
}

function forbidsEntry(program: Program, target: CompiledStage): Refused {
  const { at } = target.stage
  const ways = waysInto(program, target.stage.name)
  const open = ways.length > 0 ? `only a rule can: ${ways.join('; ')}` : 'and no rule leads there'
  const because = `${titled(target)} forbids manual entry (${placeInWords(at)}); ${open}`
  return refuse('manual-entry-forbidden', because, at)
}

/** The rules that bring a case into a stage, in words, with their places. */
function waysInto(program: Program, to: string): readonly string[] {
  const rules = [...program.rules.values()].filter(
    ({ rule, goTo, mayGoTo }) => rule.trigger.kind !== 'move' && (goTo === to || mayGoTo === to),
  )
  const needs = [...program.stages.values()].flatMap(({ stage }) => stage.needs.filter((need) => need.otherwise === to))
  return [
    ...rules.map(({ rule }) => `${ruleInWords(rule)} (${placeInWords(rule.at)})`),
    ...needs.map((need) => `without a valid consent to ${need.purpose} (${placeInWords(need.at)})`),
  ]
}

function notDeclared(program: Program, state: CaseState, target: CompiledStage): Refused {
  const current = program.stages.get(state.stage)
  const { stage } = current ?? target
  const there = (current?.rules ?? []).flatMap(({ rule }) =>
    rule.trigger.kind === 'move' ? [`\`${rule.trigger.to}\` (${placeInWords(rule.at)})`] : [],
  )
  const instead = there.length > 0 ? `declared are moves to ${there.join(', ')}` : 'no move is declared there'
  const from = current ? titled(current) : 'here'
  const because = `no move from ${from} to ${titled(target)} is declared (${placeInWords(stage.at)}); ${instead}`
  return refuse('not-declared', because, stage.at)
}

function notForRole(rules: readonly CompiledRule[], target: CompiledStage): Refused {
  const at = rules[0]?.rule.at ?? target.stage.at
  const who = anyOf([...new Set(rules.flatMap((each) => moveOf(each).by ?? []))])
  return refuse('role-missing', `only ${who} may move a case to ${titled(target)} (${placeInWords(at)})`, at)
}

function lacksConsent({ definition }: Program, state: CaseState, target: CompiledStage): Refused | undefined {
  const need = target.stage.needs.find(({ purpose }) => !hasBasis(definition, purpose, state.client.consents))
  if (!need) return undefined
  const status = own(state.client.consents, need.purpose) ?? 'none'
  const because = `${titled(target)} needs the client’s consent to \`${need.purpose}\`, which is ${status} (${placeInWords(need.at)}): ask the client for it`
  return refuse('consent-missing', because, need.at)
}

function lacksFields(program: Program, state: CaseState, current: CompiledStage): Refused | undefined {
  const { definition, process } = program
  const missing = current.stage.require.flatMap(({ field: name, at }) => {
    const field = own(process.fields, name)
    if (!field) return []
    const usable = inReach(definition, field, state.client.consents)
    return usable && own(state.values, name) !== undefined ? [] : [{ field, at, usable }]
  })
  const [first] = missing
  if (!first) return undefined
  const names = missing.map(({ field }) => `“${inLanguage(field.title, 'en')}” (\`${field.name}\`)`).join(', ')
  const consents = missing.filter(({ usable }) => !usable).flatMap(({ field }) => field.personal)
  const how = consents.length > 0 ? `fill in, once the client consents to ${anyOf(consents)}` : 'fill in first'
  const because = `${how}: ${names}; ${titled(current)} requires it before the case moves on (${placeInWords(first.at)})`
  return refuse(
    'required-missing',
    because,
    first.at,
    missing.map(({ field }) => field.name),
  )
}

function fails(
  open: readonly CompiledRule[],
  state: CaseState,
  now: string,
  target: CompiledStage,
): Refused | undefined {
  if (open.length === 0 || open.some(({ holds }) => holds(state, now))) return undefined
  const conditions = open.flatMap(({ rule }) =>
    rule.when ? [`${expressionInWords(rule.when)} (${placeInWords(rule.at)})`] : [],
  )
  const because = `a case moves to ${titled(target)} only when ${conditions.join(', or when ')}`
  return refuse('condition-not-met', because, open[0]?.rule.at)
}
