/** Sets of numbers below a fixed bound, a bit each. All sets that meet in one call are of one length. */
export type Bits = Uint32Array

export function none(words: number): Bits {
  return new Uint32Array(words)
}

export function and(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length)
  for (let at = 0; at < a.length; at++) result[at] = word(a, at) & word(b, at)
  return result
}

export function or(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length)
  for (let at = 0; at < a.length; at++) result[at] = word(a, at) | word(b, at)
  return result
}

/** What is in `a` and not in `b`. */
export function minus(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length)
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
  const result = new Uint32Array(words)
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

/** Adds every member of `from`, moved by `distance`, to `target`. The caller knows that none falls out. */
export function addMoved(target: Bits, from: Bits, distance: number): void {
  const words = target.length
  const far = Math.abs(distance)
  const whole = far >>> 5
  const part = far & 31
  if (distance >= 0) {
    for (let at = words - 1; at >= whole; at--) {
      let bits = word(from, at - whole) << part
      if (part !== 0 && at > whole) bits |= word(from, at - whole - 1) >>> (32 - part)
      if (bits !== 0) target[at] = word(target, at) | bits
    }
    return
  }
  for (let at = 0; at + whole < words; at++) {
    let bits = word(from, at + whole) >>> part
    if (part !== 0 && at + whole + 1 < words) bits |= word(from, at + whole + 1) << (32 - part)
    if (bits !== 0) target[at] = word(target, at) | bits
  }
}

function word(a: Bits, at: number): number {
  return a[at] as number
}
