/**
 * Sets of numbers below a fixed bound, a bit each, 32 to an element. All sets that meet in one call are of one length. Plain arrays,
 * since most sets are short and V8 makes those several times sooner than typed ones.
 */
export type Bits = number[]

export function none(words: number): Bits {
  return new Array<number>(words).fill(0)
}

export function and(a: Bits, b: Bits): Bits {
  const result = new Array<number>(a.length)
  for (let at = 0; at < a.length; at++) result[at] = word(a, at) & word(b, at)
  return result
}

export function or(a: Bits, b: Bits): Bits {
  const result = new Array<number>(a.length)
  for (let at = 0; at < a.length; at++) result[at] = word(a, at) | word(b, at)
  return result
}

/** What is in `a` and not in `b`. */
export function minus(a: Bits, b: Bits): Bits {
  const result = new Array<number>(a.length)
  for (let at = 0; at < a.length; at++) result[at] = word(a, at) & ~word(b, at)
  return result
}

export function addAll(target: Bits, more: Bits): void {
  for (let at = 0; at < target.length; at++) target[at] = word(target, at) | word(more, at)
}

export function isEmpty(a: Bits): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== 0) return false
  return true
}

export function meet(a: Bits, b: Bits): boolean {
  for (let at = 0; at < a.length; at++) if ((word(a, at) & word(b, at)) !== 0) return true
  return false
}

/** Whether all of `a` is in `b`. */
export function isWithin(a: Bits, b: Bits): boolean {
  for (let at = 0; at < a.length; at++) if ((word(a, at) & ~word(b, at)) !== 0) return false
  return true
}

export function has(a: Bits, member: number): boolean {
  return (word(a, member >>> 5) & (1 << (member & 31))) !== 0
}

export function only(words: number, member: number): Bits {
  const result = none(words)
  result[member >>> 5] = 1 << (member & 31)
  return result
}

/** The least member; -1 where there is none. */
export function least(a: Bits): number {
  for (let at = 0; at < a.length; at++) {
    const bits = word(a, at)
    if (bits !== 0) return at * 32 + 31 - Math.clz32(bits & -bits)
  }
  return -1
}

/** Adds every member of `from`, made greater by `distance`, to `target`. The caller knows that none falls out. */
export function addRaised(target: Bits, from: Bits, distance: number): void {
  const whole = distance >>> 5
  const part = distance & 31
  for (let at = from.length - 1; at >= 0; at--) {
    const bits = word(from, at)
    if (bits === 0) continue
    target[at + whole] = word(target, at + whole) | (bits << part)
    const over = part === 0 ? 0 : (bits >>> (32 - part)) | 0
    if (over !== 0) target[at + whole + 1] = word(target, at + whole + 1) | over
  }
}

/** Adds every member of `from` that is in `where`, made less by `distance`, to `target`. The caller knows that none falls out. */
export function addLowered(target: Bits, from: Bits, where: Bits, distance: number): void {
  const whole = distance >>> 5
  const part = distance & 31
  for (let at = whole; at < from.length; at++) {
    const bits = word(from, at) & word(where, at)
    if (bits === 0) continue
    target[at - whole] = word(target, at - whole) | ((bits >>> part) | 0)
    const under = part === 0 ? 0 : bits << (32 - part)
    if (under !== 0) target[at - whole - 1] = word(target, at - whole - 1) | under
  }
}

function word(a: Bits, at: number): number {
  return a[at] as number
}
