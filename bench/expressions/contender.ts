import type { Names, Order } from './orders.ts'

export const rules = ['money', 'consent', 'date', 'text', 'table'] as const
export type RuleName = (typeof rules)[number]

/** A way to answer the rules. `Input` is what it wants to know of an order, in its own types; made before the clock starts. */
export interface Contender<Input = unknown> {
  readonly name: string
  /** How it is used, where that needs a word: what it can't say by itself, and what was done instead. */
  readonly notes: readonly string[]
  input(order: Order, names: Names): Input
  /** The rules of one process, whose fields have these names, ready to run. One that is missing can't be said. */
  rules(names: Names): Readonly<Partial<Record<RuleName, Rule<Input>>>>
}

/** Yields `true` where the rule holds, in whatever way the contender is meant to be called. */
export type Rule<Input> = (input: Input, now: string) => unknown
