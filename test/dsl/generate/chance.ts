import type { GeneratorValue } from 'fast-check'
import fc from 'fast-check'

/** Draws one thing after the other, where what may come depends on what came before. */
export class Chance {
  readonly #draw: GeneratorValue

  constructor(draw: GeneratorValue) {
    this.#draw = draw
  }

  draw<T>(arbitrary: fc.Arbitrary<T>): T {
    return this.#draw(() => arbitrary)
  }

  /** Whether something happens that happens once in `times`. */
  once(times: number): boolean {
    return this.#draw(fc.nat, times - 1) === 0
  }

  between(least: number, most: number): number {
    return least + this.#draw(fc.nat, most - least)
  }

  /** One of several; there is at least one. */
  one<T>(things: readonly [T, ...T[]] | readonly T[]): T {
    const thing = things[this.between(0, things.length - 1)]
    if (thing === undefined) throw new Error('there is nothing to choose from')
    return thing
  }

  /** Some of several, in their order: at least `least` of them, as far as there are so many. */
  some<T>(things: readonly T[], least = 0, most = things.length): T[] {
    const few = { minLength: Math.min(least, things.length), maxLength: Math.min(Math.max(least, most), things.length) }
    return this.draw(fc.shuffledSubarray([...things], few))
  }

  many<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.between(least, most) }, (_, index) => make(index))
  }

  /** What `make` makes, or nothing. */
  maybe<K extends string, V>(key: K, make: () => V): { [P in K]?: V } {
    return this.once(2) ? ({ [key]: make() } as { [P in K]?: V }) : {}
  }
}
