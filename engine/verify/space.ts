import { addLowered, addRaised, and, type Bits, none } from './bits.ts'

/** One fact that is told apart about a case, as a number below `size`: 0 is how it stands before anything happens. */
export interface Variable {
  readonly key: string
  readonly size: number
}

/** All combinations of the values of some variables, a number each; sets of them are `Bits`. */
export interface Space {
  readonly variables: readonly Variable[]
  readonly size: number
  readonly words: number
  readonly all: Bits
  readonly nothing: Bits
  readonly indexOf: (key: string) => number | undefined
  readonly strides: readonly number[]
  /** Where a variable has one of some values, a bit each. */
  readonly where: (variable: number, values: number) => Bits
  readonly valueIn: (point: number, variable: number) => number
}

/** At most this many values has a variable: a set of them fits a number. */
export const mostValues = 31

/** What spaces with the same sizes share: where each variable has some values. */
type Patterns = readonly Map<number, Bits>[]

/** A maker of spaces that lets those of one shape share what is worked out for them. */
export function spaceMaker(): (variables: readonly Variable[]) => Space {
  const shapes = new Map<string, Patterns>()
  return (variables) => {
    const shape = variables.map(({ size }) => size).join(' ')
    const patterns = shapes.get(shape) ?? variables.map(() => new Map<number, Bits>())
    shapes.set(shape, patterns)
    return makeSpace(variables, patterns)
  }
}

function makeSpace(variables: readonly Variable[], known: Patterns): Space {
  const strides: number[] = []
  let size = 1
  for (const variable of variables) {
    strides.push(size)
    size *= variable.size
  }
  const words = (size + 31) >>> 5
  const all = filledTo(words, size)
  const indexes = new Map(variables.map((variable, index) => [variable.key, index]))
  return {
    variables,
    size,
    words,
    all,
    nothing: none(words),
    strides,
    indexOf: (key) => indexes.get(key),
    where: (variable, values) => {
      const found = known[variable]?.get(values)
      if (found) return found
      const made = pattern(words, size, strides[variable] ?? 1, variables[variable]?.size ?? 1, values)
      known[variable]?.set(values, made)
      return made
    },
    valueIn: (point, variable) => Math.floor(point / (strides[variable] ?? 1)) % (variables[variable]?.size ?? 1),
  }
}

function filledTo(words: number, size: number): Bits {
  const all = none(words).fill(-1)
  if ((size & 31) !== 0) all[words - 1] = (2 ** (size & 31) - 1) | 0
  return all
}

/** Runs of `stride` points, of which those stand whose turn is among `values`. */
function pattern(words: number, size: number, stride: number, turns: number, values: number): Bits {
  const result = none(words)
  if (stride >= 32) {
    for (let start = 0, turn = 0; start < size; start += stride, turn = turn + 1 === turns ? 0 : turn + 1) {
      if ((values & (1 << turn)) !== 0) fillRange(result, start, start + stride)
    }
    return result
  }
  for (let point = 0; point < size; point++) {
    if ((values & (1 << (Math.floor(point / stride) % turns))) === 0) continue
    result[point >>> 5] = (result[point >>> 5] as number) | (1 << (point & 31))
  }
  return result
}

function fillRange(target: Bits, from: number, to: number): void {
  for (let point = from; point < to; ) {
    if ((point & 31) === 0 && point + 32 <= to) {
      target[point >>> 5] = -1
      point += 32
    } else {
      target[point >>> 5] = (target[point >>> 5] as number) | (1 << (point & 31))
      point += 1
    }
  }
}

/** The points of `set` with a variable put to each of `values` (a bit each). */
export function spread(space: Space, set: Bits, variable: number, values: number): Bits {
  const stride = space.strides[variable] ?? 1
  const size = space.variables[variable]?.size ?? 1
  const base = and(set, space.where(variable, 1))
  for (let now = 1; now < size; now++) addLowered(base, set, space.where(variable, 1 << now), now * stride)
  if (values === 1) return base
  const result = (values & 1) !== 0 ? base.slice() : none(space.words)
  for (let value = 1; value < size; value++) {
    if ((values & (1 << value)) !== 0) addRaised(result, base, value * stride)
  }
  return result
}

/** The points from which putting a variable to one of `values` leads into `set`. */
export function beforeSpread(space: Space, set: Bits, variable: number, values: number): Bits {
  const size = space.variables[variable]?.size ?? 1
  return spread(space, and(set, space.where(variable, values)), variable, 2 ** size - 1)
}

/** The facts of one space said in another: what the other does not tell apart is forgotten, what it adds stands as `added` says. */
export interface Recast {
  readonly to: Space
  readonly forward: (set: Bits) => Bits
  readonly backward: (set: Bits) => Bits
}

/** `added` gives the values (a bit each) of a variable that `from` does not have. */
export function recast(from: Space, to: Space, added: (key: string) => number): Recast {
  const places = from.variables.map(({ key }) => to.indexOf(key))
  const fresh = to.variables.flatMap(({ key }, variable) =>
    from.indexOf(key) === undefined ? [{ variable, values: added(key) }] : [],
  )
  const { forget, remember } = keepsOrder(places) ? keptInPlace(from, to, places) : rearranged(from, to, places)
  return {
    to,
    forward: (set) =>
      fresh.reduce(
        (result, { variable, values }) => (values === 1 ? result : spread(to, result, variable, values)),
        forget(set),
      ),
    backward: (set) => {
      let goal = set
      for (const { variable, values } of fresh)
        goal = and(beforeSpread(to, goal, variable, values), to.where(variable, 1))
      return remember(goal)
    },
  }
}

/** From a space to one that lacks some of its variables, and back; what the other adds stands at 0. */
interface Projection {
  readonly forget: (set: Bits) => Bits
  readonly remember: (set: Bits) => Bits
}

/** Whether what is kept comes first in both spaces, so that points with nothing else keep their numbers. */
function keepsOrder(places: readonly (number | undefined)[]): boolean {
  const kept = places.filter((place) => place !== undefined).length
  return places.every((place, variable) => (variable < kept ? place === variable : place === undefined))
}

function keptInPlace(from: Space, to: Space, places: readonly (number | undefined)[]): Projection {
  const dropped = places.flatMap((place, variable) => (place === undefined ? [variable] : []))
  const resized = (set: Bits, words: number) => {
    const result = none(words)
    for (let at = Math.min(words, set.length) - 1; at >= 0; at--) result[at] = set[at] as number
    return result
  }
  return {
    forget: (set) =>
      resized(
        dropped.reduce((left, variable) => spread(from, left, variable, 1), set),
        to.words,
      ),
    remember: (set) =>
      dropped.reduce(
        (left, variable) => spread(from, left, variable, 2 ** (from.variables[variable]?.size ?? 1) - 1),
        resized(set, from.words),
      ),
  }
}

function rearranged(from: Space, to: Space, places: readonly (number | undefined)[]): Projection {
  let table: Int32Array | undefined
  const known = () => {
    table ??= targets(from, to, places)
    return table
  }
  return {
    forget: (set) => {
      const moved = none(to.words)
      const target = known()
      for (let at = 0; at < set.length; at++) {
        for (let bits = set[at] as number; bits !== 0; bits &= bits - 1) {
          const point = target[at * 32 + 31 - Math.clz32(bits & -bits)] as number
          moved[point >>> 5] = (moved[point >>> 5] as number) | (1 << (point & 31))
        }
      }
      return moved
    },
    remember: (set) => {
      const result = none(from.words)
      const target = known()
      for (let point = 0; point < from.size; point++) {
        const moved = target[point] as number
        if (((set[moved >>> 5] as number) & (1 << (moved & 31))) === 0) continue
        result[point >>> 5] = (result[point >>> 5] as number) | (1 << (point & 31))
      }
      return result
    },
  }
}

/** Where each point of `from` is found in `to`, with what is added at 0. */
function targets(from: Space, to: Space, places: readonly (number | undefined)[]): Int32Array {
  const table = new Int32Array(from.size)
  let filled = 1
  for (const [variable, { size }] of from.variables.entries()) {
    const place = places[variable]
    const stride = place === undefined ? 0 : (to.strides[place] ?? 0)
    for (let value = 1; value < size; value++) {
      for (let point = 0; point < filled; point++) {
        table[value * filled + point] = (table[point] as number) + value * stride
      }
    }
    filled *= size
  }
  return table
}
