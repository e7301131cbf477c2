/** The one clock: the time now, RFC 3339 in UTC. */
export interface Clock {
  now(): string
}

export const systemClock: Clock = { now: () => new Date().toISOString() }
