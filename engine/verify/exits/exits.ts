import type { Stage } from '../../definition.ts'
import { own } from '../../named.ts'
import { type CompiledRule, enterId, leaveId, type Program } from '../../program.ts'
import { flagged, type Ground, plainOperations } from '../doing.ts'
import type { Facts } from '../facts.ts'
import type { Operation } from '../operation.ts'
import { type Recast, recast, type Space } from '../space.ts'
import type { AskedCondition, Choice, Edge, Exits, Mode, News, Node, System } from '../system.ts'
import { orderedTimers } from '../timers.ts'
import type { Use } from '../use.ts'
import { gate, settle, tell } from './by-itself.ts'
import { decisions, expiries } from './decisions.ts'
import { fills } from './filling-in.ts'
import { forms } from './forms.ts'
import { erasures, timers } from './in-time.ts'
import type { Making } from './making.ts'
import { moves } from './moves.ts'
import { replies } from './replies.ts'
import { signals } from './signals.ts'
import { starts } from './starting.ts'

/** The system of a process: where cases may be and what leads from each to the next, after the chart that runs them (`planChart`). */
export function systemOf(facts: Facts, mode: Mode = {}): System {
  const uses: Use[] = []
  const conditions: AskedCondition[] = []
  const builder = new Builder(facts, mode, uses, conditions)
  return { facts, mode, uses, conditions, start: builder.node('before', ''), exitsOf: (node) => builder.exitsOf(node) }
}

/** What may happen at each kind of node; in an ended case nothing more does. */
const happenings: Readonly<Record<Node['kind'], readonly ((making: Making, node: Node) => void)[]>> = {
  before: [decisions, expiries, starts],
  gate: [gate],
  tell: [tell],
  settle: [settle],
  rest: [whileOpen(moves, fills, decisions, expiries, replies, timers, forms, signals, erasures)],
}

function whileOpen(...all: readonly ((making: Making, node: Node) => void)[]) {
  return (making: Making, node: Node) => {
    if (!making.stage(node.stage).final) for (const happens of all) happens(making, node)
  }
}

/** Makes nodes once each, and the ways out of a node when it is reached. */
class Builder implements Making {
  readonly program: Program
  readonly mode: Mode
  readonly #uses: Use[]
  readonly #conditions: AskedCondition[]
  readonly #recasts = new Map<Space, Map<Space, Recast>>()
  facts: Facts
  readonly #nodes = new Map<string, Node>()
  readonly #exits = new Map<string, Exits>()
  #edges: Edge[] = []
  #choices: Choice[] = []

  constructor(facts: Facts, mode: Mode, uses: Use[], conditions: AskedCondition[]) {
    this.#conditions = conditions
    this.facts = facts
    this.program = facts.program
    this.mode = mode
    this.#uses = uses
  }

  get ground(): Ground {
    return { facts: this.facts, mode: this.mode, uses: this.#uses, conditions: this.#conditions }
  }

  node(kind: Node['kind'], stage: string, news: readonly News[] = []): Node {
    const key = [kind, stage, ...news.map(({ purpose, decision }) => `${purpose}.${decision}`)].join(' ')
    const found = this.#nodes.get(key)
    if (found) return found
    const made: Node = { key, kind, stage, news, facts: this.facts.at(stage) }
    this.#nodes.set(key, made)
    return made
  }

  exitsOf(node: Node): Exits {
    const found = this.#exits.get(node.key)
    if (found) return found
    this.#edges = []
    this.#choices = []
    this.facts = node.facts
    this.#make(node)
    const exits = { edges: this.#edges, choices: this.#choices }
    this.#exits.set(node.key, exits)
    return exits
  }

  #make(node: Node): void {
    for (const happens of happenings[node.kind]) happens(this, node)
  }

  stage(name: string): Stage {
    return own(this.program.process.stages, name) as Stage
  }

  rulesAt(stage: string): readonly CompiledRule[] {
    return this.program.stages.get(stage)?.rules ?? []
  }

  /** Where a switch to a stage leads, and what it does on the way. */
  into(stage: string, news: readonly News[]): { to: Node; operations: readonly Operation[] } {
    const moved = this.#recastTo(this.facts.at(stage).space)
    if (this.stage(stage).needs.length > 0) return { to: this.node('gate', stage, news), operations: moved }
    return { to: this.arrived(stage, news), operations: [...moved, ...this.entering(stage)] }
  }

  /** What is told apart changes with the stage. Conditions of the moment that come in may hold or not. */
  #recastTo(to: Space): readonly Operation[] {
    const from = this.facts.space
    if (from === to) return []
    const known = this.#recasts.get(from) ?? new Map<Space, Recast>()
    this.#recasts.set(from, known)
    const made = known.get(to) ?? recast(from, to, (key) => (key.startsWith('moment:') ? 3 : 1))
    known.set(to, made)
    return [{ kind: 'recast', from, recast: made }]
  }

  arrived(stage: string, news: readonly News[]): Node {
    if (this.stage(stage).final) return this.node('rest', stage)
    return news.length > 0 ? this.node('tell', stage, news) : this.node('settle', stage)
  }

  entering(name: string): readonly Operation[] {
    const stage = this.stage(name)
    const facts = this.facts.at(name)
    const timers = orderedTimers(stage.rules).followed.flatMap((id) => flagged(facts, `pending:${id}`, 1))
    return [
      ...flagged(facts, `was:${name}`, 1),
      ...timers,
      ...plainOperations({ ...this.ground, facts }, enterId(name), stage.enter),
    ]
  }

  leaving(name: string): readonly Operation[] {
    const stage = this.stage(name)
    const timers = orderedTimers(stage.rules).followed.flatMap((id) => flagged(this.facts, `pending:${id}`, 0))
    return [...plainOperations(this.ground, leaveId(name), stage.leave), ...timers]
  }

  /** Conditions of the moment may all have changed. */
  moment(): readonly Operation[] {
    const { space } = this.facts
    return space.variables.flatMap(({ key }, variable) =>
      key.startsWith('moment:') ? [{ kind: 'put', variable, values: 3 } as const] : [],
    )
  }

  edge(edge: Edge): void {
    this.#edges.push(edge)
  }

  choose(choice: Choice): void {
    this.#choices.push(choice)
  }
}
