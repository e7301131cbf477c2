import { setTimeout as pause } from 'node:timers/promises'

/** Looks again and again until `look` answers something, and gives that; throws with `what` when it never does. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > until) throw new Error(`waited ${seconds} s in vain for ${what}`)
    await pause(15)
  }
}
