import type { Order } from './orders.ts'

export const rules = ['money', 'consent', 'date', 'text', 'table'] as const
export type RuleName = (typeof rules)[number]

/** A way to answer the rules. `Input` is what it wants to know of an order, in its own types; made before the clock starts. */
export interface Contender<Input = unknown> {
  readonly name: string
  /** How it is used, where that needs a word: what it can't say by itself, and what was done instead. */
  readonly notes: readonly string[]
  input(order: Order): Input
  /** Each rule ready to run; one that is missing can't be said in it. */
  readonly rules: Readonly<Partial<Record<RuleName, Rule<Input>>>>
}

/** Yields `true` where the rule holds, in whatever way the contender is meant to be called. */
export type Rule<Input> = (input: Input, now: string) => unknown
