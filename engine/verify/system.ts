import type { Decided, Expression, Place } from '../definition.ts'
import type { Bits } from './bits.ts'
import type { Facts } from './facts.ts'
import type { Operation } from './operation.ts'
import type { Happening } from './step.ts'
import type { Use } from './use.ts'

export interface News {
  readonly purpose: string
  readonly decision: Decided
}

/**
 * Where a case may be. `before`: not started. `rest`: in a stage, and nothing more happens by itself. `settle`: what happens by itself is looked at.
 * `tell`: its rules are told of a consent. `gate`: before a stage that needs a consent.
 */
export interface Node {
  /** What is told apart there. */
  readonly facts: Facts
  readonly key: string
  readonly kind: 'before' | 'rest' | 'settle' | 'tell' | 'gate'
  readonly stage: string
  readonly news: readonly News[]
}

/** One step: of what happens outside (from `before` and `rest`), or of what follows from it in the same macrostep. */
export interface Edge {
  readonly from: Node
  readonly to: Node
  readonly operations: readonly Operation[]
  /** On the first step of a macrostep. */
  readonly happening?: Happening
  readonly rule?: string
  /** The purpose whose missing consent sends the case elsewhere. */
  readonly needs?: string
  /** The purposes that the client says no to on it. */
  readonly refuses?: readonly string[]
  /** What had to hold for it to happen at all. */
  readonly possible?: Expression
  /** The conditions that were looked at, up to that of the rule that answers. */
  readonly conditions?: readonly (Expression | undefined)[]
}

/** A rule as it is looked at when something has happened. */
export interface Candidate {
  readonly rule: string
  readonly at: Place
  readonly condition?: Expression
  /** Where it is looked at: no earlier rule has answered. */
  readonly asked: Bits
  /** Where its condition may hold, an earlier rule's or not. */
  readonly holds: Bits
  /** Where it is the one to answer. */
  readonly fires: Bits
}

/** What becomes of one happening at a node: the rules that wait for it, in order. */
export interface Choice {
  readonly happening?: Happening
  /** What is done before any rule is looked at, and where the happening is possible. */
  readonly ready: readonly Operation[]
  readonly candidates: readonly Candidate[]
}

export interface Exits {
  readonly edges: readonly Edge[]
  readonly choices: readonly Choice[]
}

/** Of which cases the exploration tells. */
export interface Mode {
  /** Purposes to which a client who has said no never says yes. */
  readonly lasting?: ReadonlySet<string>
  /** Whether the client can be written to. */
  readonly unreachable?: boolean
  /** Purposes to which this client says yes in cases of this process alone. */
  readonly fresh?: ReadonlySet<string>
}

/** The condition of an action, as it is looked at or as it may hold. */
export interface AskedCondition {
  readonly condition: Expression
  readonly at: Place
  readonly what: 'asked' | 'holds'
}

/** All steps that cases of one process can take, made as they are asked for. */
export interface System {
  readonly facts: Facts
  readonly mode: Mode
  readonly start: Node
  readonly exitsOf: (node: Node) => Exits
  /** By the number that an operation `look` carries. */
  readonly uses: readonly Use[]
  readonly conditions: readonly AskedCondition[]
}
