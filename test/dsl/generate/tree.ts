import fc from 'fast-check'
import { nowhere } from './nodes.ts'

/** What stands in every node. */
export const span = fc.constant(nowhere)

/** This word and no other. */
export const is = <const W extends string | true>(word: W): fc.Arbitrary<W> => fc.constant(word)

/** Something, or nothing. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })

type Models<T> = { [K in keyof T]-?: fc.Arbitrary<T[K] | undefined> }

/** A node of the tree by its properties; what is nothing is absent from it. */
export function node<T extends object>(model: Omit<Models<T>, 'extent' | 'span'>): fc.Arbitrary<T> {
  return fc
    .record({ ...(model as Record<string, fc.Arbitrary<unknown>>), span })
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T)
}

export function property<K extends string, V>(kind: K, value: fc.Arbitrary<V>) {
  return fc.record({ kind: is(kind), value, span })
}

interface Item {
  readonly kind: string
  readonly name?: { readonly text: string } | undefined
}

/** Items of any kinds; of those that stand once at most the first, and of each name one. */
export function itemsOf<T extends Item>(any: fc.Arbitrary<T>, once: readonly T['kind'][] = [], maxLength = 6) {
  return fc.array(any, { maxLength }).map((list) => {
    const seen = new Set<string>()
    return list.filter((item) => {
      if (!once.includes(item.kind) && !('name' in item)) return true
      const key = `${item.kind} ${item.name?.text ?? ''}`
      return !seen.has(key) && seen.add(key)
    })
  })
}
