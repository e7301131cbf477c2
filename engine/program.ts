import { compileActions, delayKey, type Step } from './actions.ts'
import type { Actor } from './case.ts'
import type { Action, Definition, Duration, Rule, Stage } from './definition.ts'
import { type Condition, compileCondition, compileExpression, type Reader } from './expression.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { normalSaying, says } from './saying.ts'
import type { Turn } from './turn.ts'

/** A process with its rules and actions compiled to closures, and indexes over them. Immutable; made once a version. */
export interface Program extends Ground {
  readonly first: string
  readonly stages: ReadonlyMap<string, CompiledStage>
  /** Every rule of the process, by id. */
  readonly rules: ReadonlyMap<string, CompiledRule>
  /** Fields of each `erase … after`, by its timer's key. */
  readonly erasures: ReadonlyMap<string, readonly string[]>
  /** Timers of the process's own rules, which run from the start of the case to its end. */
  readonly lasting: Timers
}

export interface CompiledStage {
  readonly stage: Stage
  /** The stage's rules, then those of the process; none in a final stage. */
  readonly rules: readonly CompiledRule[]
  readonly enter: Step
  readonly leave: Step
  /** Those of its own rules alone. */
  readonly timers: Timers
}

export interface CompiledRule {
  readonly rule: Rule
  /** The stage it stands in; absent for a rule of the process. */
  readonly stage?: string
  /** Its `when` alone. */
  readonly holds: Condition
  /** Whether it answers to what happens in this turn. */
  readonly applies: (turn: Turn) => boolean
  /** Its actions but an unconditional `go to`. */
  readonly act: Step
  /** Where it always goes. */
  readonly goTo?: string
  /** Where it goes if its last action's condition holds by then. */
  readonly mayGoTo?: string
}

export interface Timers {
  readonly keys: readonly string[]
  readonly after: readonly { readonly key: string; readonly delay: Duration }[]
  readonly at: readonly { readonly key: string; readonly time: Reader }[]
}

/** Compiles one process. Throws where the definition has no such process, or the process no stage. */
export function compileProgram(definition: Definition, name: string): Program {
  const process = own(definition.processes, name)
  if (!process) throw new Error(`the workspace has no process \`${name}\``)
  const ground: Ground = { definition, process }
  const [first] = Object.keys(process.stages)
  if (first === undefined) throw new Error(`process \`${name}\` has no stage (${process.at.file}:${process.at.line})`)
  const everywhere = process.rules.map((rule) => compileRule(rule, undefined, ground))
  const stages = new Map(
    Object.values(process.stages).map((stage) => [stage.name, compileStage(stage, everywhere, ground)]),
  )
  const rules = new Map([...everywhere, ...[...stages.values()].flatMap((stage) => stage.rules)].map(withId))
  return { ...ground, first, stages, rules, erasures: findErasures(ground), lasting: timersOf(everywhere, ground) }
}

function withId(compiled: CompiledRule): [string, CompiledRule] {
  return [compiled.rule.id, compiled]
}

function compileStage(stage: Stage, everywhere: readonly CompiledRule[], ground: Ground): CompiledStage {
  const rules = stage.final ? [] : stage.rules.map((rule) => compileRule(rule, stage.name, ground))
  return {
    stage,
    rules: stage.final ? [] : [...rules, ...everywhere],
    enter: compileActions(stage.enter, enterId(stage.name), ground),
    leave: compileActions(stage.leave, leaveId(stage.name), ground),
    timers: timersOf(rules, ground),
  }
}

/** What stands for a rule's id where a stage's `on enter` or `on leave` acts. */
export const enterId = (stage: string): string => `${stage}.enter`
export const leaveId = (stage: string): string => `${stage}.leave`

function compileRule(rule: Rule, stage: string | undefined, ground: Ground): CompiledRule {
  const holds = compileCondition(rule.when, ground)
  const last = rule.actions.at(-1)
  const going = last?.kind === 'go to' ? last : undefined
  const goTo = rule.trigger.kind === 'move' ? rule.trigger.to : going && !going.when ? going.stage : undefined
  const actions = going && !going.when ? rule.actions.slice(0, -1) : rule.actions
  return {
    rule,
    holds,
    applies: compileApplies(rule, holds, goTo, ground),
    act: compileActions(actions, rule.id, ground),
    ...(stage !== undefined && { stage }),
    ...(goTo !== undefined && { goTo }),
    ...(going?.when && { mayGoTo: going.stage }),
  }
}

function compileApplies(
  rule: Rule,
  holds: Condition,
  goTo: string | undefined,
  ground: Ground,
): (turn: Turn) => boolean {
  const { trigger, id } = rule
  switch (trigger.kind) {
    case 'reply':
      return compileReply(rule, trigger, holds, ground)
    case 'move':
      return (turn) => mayBy(trigger.by, turn.event.by) && holds(turn.state, turn.now)
    case 'when':
      return (turn) =>
        turn.news.length === 0 && (goTo !== undefined || !turn.state.fired.includes(id)) && holds(turn.state, turn.now)
    default:
      return (turn) => holds(turn.state, turn.now)
  }
}

/** Whether a `by ROLE, …` lets this actor; without one it lets everyone who may move. */
export function mayBy(by: readonly string[] | undefined, actor: Actor): boolean {
  if (by === undefined || by.length === 0) return true
  return actor.kind === 'staff' ? actor.roles.some((role) => by.includes(role)) : actor.kind === 'system'
}

function compileReply(
  rule: Rule,
  trigger: Extract<Rule['trigger'], { kind: 'reply' }>,
  holds: Condition,
  { process }: Ground,
): (turn: Turn) => boolean {
  const phrases = phrasesOf(trigger.saying)
  const rivals = (stage: string) =>
    [...(own(process.stages, stage)?.rules ?? []), ...process.rules].flatMap((other) =>
      other.id !== rule.id && other.trigger.kind === 'reply' ? [phrasesOf(other.trigger.saying)] : [],
    )
  const rivalsAt = new Map(Object.keys(process.stages).map((stage) => [stage, rivals(stage)]))
  return ({ event, state, now }) => {
    if (event.type !== 'reply' || !holds(state, now)) return false
    if (trigger.letter !== undefined && trigger.letter !== event.letter) return false
    if (trigger.saying.length === 0) return true
    return says(event.lines, phrases, rivalsAt.get(state.stage) ?? [])
  }
}

function phrasesOf(saying: readonly string[]): ReadonlySet<string> {
  return new Set(saying.map(normalSaying).filter((phrase) => phrase !== ''))
}

function timersOf(rules: readonly CompiledRule[], ground: Ground): Timers {
  const after: { key: string; delay: Duration }[] = []
  const at: { key: string; time: Reader }[] = []
  for (const { rule } of rules) {
    const { trigger, id: key } = rule
    if (trigger.kind === 'after') after.push({ key, delay: trigger.delay })
    if (trigger.kind === 'at') at.push({ key, time: compileExpression(trigger.time, ground) })
  }
  return { keys: [...after, ...at].map((timer) => timer.key), after, at }
}

function findErasures({ process }: Ground): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const look = (rule: string, actions: readonly Action[]) => {
    for (const [index, action] of actions.entries()) {
      if (action.kind === 'erase' && action.after) found.set(delayKey(rule, index), action.fields)
    }
  }
  for (const rule of process.rules) look(rule.id, rule.actions)
  for (const stage of Object.values(process.stages)) {
    look(enterId(stage.name), stage.enter)
    look(leaveId(stage.name), stage.leave)
    for (const rule of stage.rules) look(rule.id, rule.actions)
  }
  return found
}
