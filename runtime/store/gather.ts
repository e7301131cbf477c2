/** In one statement, at most. */
const most = 200

interface Asked<K, V> {
  readonly key: K
  readonly resolve: (value: V | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Loads by key, and what is asked for at the same time by one statement: jobs that judge many messages at once need not wait for
 * an answer each. `name` makes a text of a key, and of what is loaded, by which they meet.
 */
export function gather<K, V>(
  load: (keys: readonly K[]) => Promise<readonly V[]>,
  name: { key(key: K): string; value(value: V): string },
): (key: K) => Promise<V | undefined> {
  let waiting: Asked<K, V>[] = []
  const answer = async (asked: readonly Asked<K, V>[]) => {
    try {
      const keys = new Map(asked.map(({ key }) => [name.key(key), key]))
      const values = new Map((await load([...keys.values()])).map((value) => [name.value(value), value]))
      for (const { key, resolve } of asked) resolve(values.get(name.key(key)))
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
  const flush = () => {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += most) void answer(all.slice(at, at + most))
  }
  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ key, resolve, reject })
    })
}
