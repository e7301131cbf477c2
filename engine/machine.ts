import { type AnyActorScope, assign, createActor, setup } from 'xstate'
import type { Definition, Rule, Stage } from './definition.ts'
import { type CompiledRule, type CompiledStage, compileProgram, type Program } from './program.ts'
import { hasBasis } from './reach.ts'
import { type Deed, perform } from './steps.ts'
import { begin, type Turn } from './turn.ts'

/** A process ready to run: its compiled rules, and the XState machine that executes every case of it. */
export interface Machine extends Program {
  readonly chart: Chart
  /** The chart as plain data: serialisable, opens in Stately's tools. */
  readonly plan: ChartPlan
  /** XState's snapshot of a case at rest in a stage; its context is to be replaced. */
  readonly rest: (stage: string) => Snapshot
  /** XState's pure `transition` on this chart: one macrostep. */
  readonly react: (snapshot: Snapshot, event: string) => Snapshot
}

/** Compiles a process to a machine; the caller keeps it, as it holds for every case of that version. */
export function compile(definition: Definition, process: string): Machine {
  const program = compileProgram(definition, process)
  const plan = planChart(program)
  const chart = buildChart(program, plan)
  const atRest = new Map<string, Snapshot>()
  const rest = (stage: string): Snapshot => {
    let snapshot = atRest.get(stage)
    if (!snapshot) {
      snapshot = chart.resolveState({ value: stage, context: { turn: idle } })
      atRest.set(stage, snapshot)
    }
    return snapshot
  }
  const scope = inertScope(chart)
  const react = (snapshot: Snapshot, event: string) => chart.transition(snapshot, { type: event }, scope)
  return { ...program, chart, plan, rest, react }
}

/**
 * XState's `transition(machine, …)` makes an actor scope each time, which takes half its time; ours never uses one, so one a
 * machine will do. A test holds the two against each other.
 */
function inertScope(chart: Chart): AnyActorScope {
  const self = createActor(chart)
  const nothing = () => {}
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  }
}

/** Where a case is before its first stage. Names of stages never hold a `?`. */
export const beforeStart = 'start?'
/** An event that no rule waits for: `when` rules and needs are looked at, nothing else. */
export const anything = 'anything'

type Guard =
  | { readonly type: 'holds'; readonly params: { readonly rule: string } }
  | { readonly type: 'going'; readonly params: { readonly to: string } }
  | { readonly type: 'lacks'; readonly params: { readonly purpose: string } }
  | { readonly type: 'stillLacks'; readonly params: { readonly purpose: string } }

type Act = { readonly type: 'act'; readonly params: Deed }

interface TransitionPlan {
  readonly target?: string
  readonly guard?: Guard
  readonly actions?: Act
}

interface StatePlan {
  readonly on?: Readonly<Record<string, readonly TransitionPlan[]>>
  readonly always?: readonly TransitionPlan[]
}

export interface ChartPlan {
  readonly id: string
  readonly initial: string
  readonly states: Readonly<Record<string, StatePlan>>
}

/** The name of our own event that sets a rule off; undefined for a `when` rule, which needs none. */
export function eventOf({ trigger, id }: Rule): string | undefined {
  switch (trigger.kind) {
    case 'reply':
    case 'cases done':
      return trigger.kind
    case 'form':
      return `form.${trigger.form}`
    case 'consent':
      return `consent.${trigger.purpose}.${trigger.decision}`
    case 'signal':
      return `signal.${trigger.signal}`
    case 'after':
    case 'at':
      return `timer.${id}`
    case 'move':
      return `move.${trigger.to}`
    case 'when':
      return undefined
  }
}

function planChart(program: Program): ChartPlan {
  const states: Record<string, StatePlan> = {
    [beforeStart]: { on: { start: [into(program, program.first, {})] } },
  }
  for (const compiled of program.stages.values()) {
    const { stage } = compiled
    if (stage.needs.length > 0) states[gateName(stage.name)] = planGate(program, stage)
    states[stage.name] = planStage(program, compiled)
  }
  return { id: program.process.name, initial: beforeStart, states }
}

const gateName = (stage: string): string => `${stage}?`

/** Where a transition into a stage leads: to the choice before it, where it needs a consent. */
function gateOf(program: Program, stage: string): string {
  return program.stages.get(stage)?.stage.needs.length ? gateName(stage) : stage
}

/**
 * Guards see the case before a transition's actions, so the consent a rule just recorded is looked at here, one step later:
 * a stage's `on enter` never runs without the consents it needs.
 */
function planGate(program: Program, { name, needs }: Stage): StatePlan {
  const diversions = needs.map(
    ({ purpose, otherwise }): TransitionPlan => ({
      guard: { type: 'lacks', params: { purpose } },
      ...into(program, otherwise, { needs: purpose }),
    }),
  )
  return { always: [...diversions, { target: name, actions: { type: 'act', params: { enter: name } } }] }
}

function planStage(program: Program, compiled: CompiledStage): StatePlan {
  const { stage, rules } = compiled
  if (stage.final) return {}
  const on: Record<string, TransitionPlan[]> = {}
  const always = [...planGoing(program, compiled), ...planNeeds(program, stage)]
  for (const each of rules) {
    const event = eventOf(each.rule)
    const transition = planRule(program, stage, each)
    if (event !== undefined) on[event] = [...(on[event] ?? []), transition]
    else if (each.stage !== undefined || each.goTo !== stage.name) always.push(transition)
  }
  for (const [event, transition] of planFreeMoves(program, stage)) on[event] ??= [transition]
  return { on, always }
}

function planRule(program: Program, stage: Stage, { rule, goTo }: CompiledRule): TransitionPlan {
  const guard: Guard = { type: 'holds', params: { rule: rule.id } }
  if (goTo === undefined) return { guard, actions: { type: 'act', params: { rule: rule.id } } }
  return { guard, ...switchTo(program, stage, goTo, { rule: rule.id }) }
}

/** A `go to … when` is looked at once the actions before it are done. */
function planGoing(program: Program, { stage, rules }: CompiledStage): TransitionPlan[] {
  const targets = new Set(rules.flatMap(({ mayGoTo }) => (mayGoTo === undefined ? [] : [mayGoTo])))
  return [...targets].map((to) => ({ guard: { type: 'going', params: { to } }, ...switchTo(program, stage, to, {}) }))
}

function planNeeds(program: Program, stage: Stage): TransitionPlan[] {
  return stage.needs.map(({ purpose, otherwise }) => ({
    guard: { type: 'stillLacks', params: { purpose } },
    ...switchTo(program, stage, otherwise, { needs: purpose }),
  }))
}

function planFreeMoves(program: Program, stage: Stage): [string, TransitionPlan][] {
  if (program.process.moves !== 'free') return []
  return [...program.stages.values()]
    .filter((other) => other.stage.name !== stage.name && other.stage.manualEntry === 'allowed')
    .map((other) => [`move.${other.stage.name}`, switchTo(program, stage, other.stage.name, {})])
}

/** A transition out of a stage and into another or itself. */
function switchTo(program: Program, stage: Stage, to: string, deed: Deed): TransitionPlan {
  return into(program, to, { ...deed, leave: stage.name })
}

/**
 * One action does all that a transition asks for: the rule's own actions, then `on leave`, then `on enter`. XState's exit actions
 * would come before the rule's, and each further action costs a copy of its snapshot.
 */
function into(program: Program, to: string, deed: Deed): TransitionPlan {
  const target = gateOf(program, to)
  const params = target === to ? { ...deed, enter: to } : deed
  return { target, actions: { type: 'act', params } }
}

interface Context {
  readonly turn: Turn
}

const idle = begin(
  {
    id: '',
    number: '',
    createdAt: '',
    stage: '',
    enteredAt: '',
    visited: [],
    ended: 'no',
    values: {},
    timers: {},
    fired: [],
    seq: 0,
    client: { consents: {} },
  },
  { type: 'cases done', by: { kind: 'system' } },
  '',
  { type: 'started' },
)

type Chart = ReturnType<typeof buildChart>
export type Snapshot = ReturnType<Chart['resolveState']>

function buildChart(program: Program, plan: ChartPlan) {
  const lacks = ({ state }: Turn, purpose: string) => !hasBasis(program.definition, purpose, state.client.consents)
  return setup({
    types: { context: {} as Context, events: {} as { type: string } },
    guards: {
      holds: ({ context }, { rule }: { readonly rule: string }) =>
        program.rules.get(rule)?.applies(context.turn) ?? false,
      going: ({ context }, { to }: { readonly to: string }) => context.turn.going === to,
      lacks: ({ context }, { purpose }: { readonly purpose: string }) => lacks(context.turn, purpose),
      stillLacks: ({ context }, { purpose }: { readonly purpose: string }) =>
        context.turn.news.length === 0 && lacks(context.turn, purpose),
    },
    actions: {
      act: assign(({ context }, deed: Deed) => ({ turn: perform(program, context.turn, deed) })),
    },
  }).createMachine({ ...plan, context: { turn: idle } })
}
