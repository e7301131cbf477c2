import { and, type Bits, isEmpty, isWithin, meet, minus, or } from './bits.ts'
import { beforeSpread, type Recast, type Space, spread } from './space.ts'

/** What is looked at: a use of data that rest on consents, or the condition of an action. */
export type Look = 'use' | 'condition'

/** What a step of a case does to the facts told apart. Sets of points go through it forwards and backwards. */
export type Operation =
  /** Goes on only there. */
  | { readonly kind: 'only'; readonly where: Bits }
  /** A variable gets one of these values (a bit each). */
  | { readonly kind: 'put'; readonly variable: number; readonly values: number }
  /** The same, or nothing at all; only there, if it says where. */
  | { readonly kind: 'may put'; readonly variable: number; readonly values: number; readonly where?: Bits }
  /** What is done where a condition may hold, and where it need not. */
  | {
      readonly kind: 'if'
      readonly may: Bits
      readonly must: Bits
      readonly inner: readonly Operation[]
      readonly otherwise?: readonly Operation[]
      /** It is a person's answer that changes there, and no rule's work. */
      readonly chosen?: boolean
    }
  /** Nothing is done; whether any of `out` comes by is looked at. */
  | { readonly kind: 'look'; readonly at: Look; readonly use: number; readonly out: Bits }
  /** From here on other facts are told apart. */
  | { readonly kind: 'recast'; readonly from: Space; readonly recast: Recast }

/** Where `set` leads. `look` sees what comes by at each place to look. */
export function after(
  space: Space,
  operations: readonly Operation[],
  set: Bits,
  look?: (use: number, at: Look) => void,
): Bits {
  let now = set
  let inside = space
  for (const operation of operations) {
    if (operation.kind === 'recast') {
      now = operation.recast.forward(now)
      inside = operation.recast.to
      continue
    }
    now = afterOne(inside, operation, now, look)
    if (operation.kind === 'only' && isEmpty(now)) return nothingAfter(operations, now)
  }
  return now
}

/** Nothing, in the space that the operations end in. */
function nothingAfter(operations: readonly Operation[], empty: Bits): Bits {
  const last = operations.findLast((operation) => operation.kind === 'recast')
  return last ? last.recast.to.nothing : empty
}

/** The space that operations end in. */
export function spaceAfter(space: Space, operations: readonly Operation[]): Space {
  const last = operations.findLast((operation) => operation.kind === 'recast')
  return last ? last.recast.to : space
}

function afterOne(
  space: Space,
  operation: Exclude<Operation, { kind: 'recast' }>,
  set: Bits,
  look?: (use: number, at: Look) => void,
): Bits {
  switch (operation.kind) {
    case 'only':
      return and(set, operation.where)
    case 'put': {
      const { variable, values } = operation
      if ((values & (values - 1)) === 0 && isWithin(set, space.where(variable, values))) return set
      return spread(space, set, variable, values)
    }
    case 'may put': {
      const there = operation.where ? and(set, operation.where) : set
      return or(set, spread(space, there, operation.variable, operation.values))
    }
    case 'if':
      return or(
        after(space, operation.inner, and(set, operation.may), look),
        after(space, operation.otherwise ?? [], minus(set, operation.must), look),
      )
    case 'look':
      if (look && meet(set, operation.out)) look(operation.use, operation.at)
      return set
  }
}

/** From where `set` may be reached; `space` is the one that the operations start in. */
export function before(space: Space, operations: readonly Operation[], set: Bits): Bits {
  let now = set
  let inside = spaceAfter(space, operations)
  for (let at = operations.length - 1; at >= 0; at--) {
    const operation = operations[at] as Operation
    if (operation.kind === 'recast') {
      now = operation.recast.backward(now)
      inside = operation.from
    } else now = beforeOne(inside, operation, now)
  }
  return now
}

function beforeOne(space: Space, operation: Exclude<Operation, { kind: 'recast' }>, set: Bits): Bits {
  switch (operation.kind) {
    case 'only':
      return and(set, operation.where)
    case 'put':
      return beforeSpread(space, set, operation.variable, operation.values)
    case 'may put': {
      const moved = beforeSpread(space, set, operation.variable, operation.values)
      return or(set, operation.where ? and(moved, operation.where) : moved)
    }
    case 'if':
      return or(
        and(before(space, operation.inner, set), operation.may),
        minus(before(space, operation.otherwise ?? [], set), operation.must),
      )
    case 'look':
      return set
  }
}
