/** The one clock. */
export interface Clock {
  /** The time now, RFC 3339 in UTC. */
  now(): string
}

let millisecond = 0
let text = ''

/** Formats a millisecond once, however often it is asked for. */
export const systemClock: Clock = {
  now: () => {
    const now = Date.now()
    if (now !== millisecond) {
      millisecond = now
      text = new Date(now).toISOString()
    }
    return text
  },
}
