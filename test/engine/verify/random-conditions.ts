import type { Chance } from '../../dsl/generate/chance.ts'
import type { RandomField } from './random-process.ts'

/** Conditions by chance. What may be out of reach stands last, so that what guards it is looked at before. */
export class RandomConditions {
  readonly #chance: Chance
  readonly #fields: readonly RandomField[]
  readonly #consents: readonly string[]
  readonly #stages: readonly string[]

  constructor(chance: Chance, fields: readonly RandomField[], consents: readonly string[], stages: readonly string[]) {
    this.#chance = chance
    this.#fields = fields
    this.#consents = consents
    this.#stages = stages
  }

  any(): string {
    const chance = this.#chance
    const free = this.#fields.filter(({ consentOnly }) => !consentOnly)
    const guarded = this.#fields.filter(({ consentOnly }) => consentOnly)
    if (guarded.length > 0 && chance.once(4)) {
      const field = chance.one(guarded)
      const guard = chance.once(3) ? '' : `consent to ${chance.one(field.personal)} and `
      return `${guard}${this.#atom(field)}`
    }
    const some = () => chance.one([...free.map((field) => () => this.#atom(field)), ...this.#others()])()
    if (!chance.once(3)) return some()
    const [left, right] = [some(), some()]
    return chance.one([`${left} and ${right}`, `${left} or ${right}`, `not (${left})`, `not (${left} and ${right})`])
  }

  #atom({ name, compared }: RandomField): string {
    const chance = this.#chance
    const state = `${name} is ${chance.one(['filled', 'missing'])}`
    if (compared.length === 0 || chance.once(4)) return state
    const value = chance.one(compared)
    if (name === 'flag') return chance.one(['flag', 'not flag'])
    return `${name} ${chance.one(name === 'amount' ? ['>', '<', '>=', '<=', '=', '!='] : ['=', '!='])} ${value}`
  }

  #others(): readonly (() => string)[] {
    const chance = this.#chance
    const consents = this.#consents.flatMap((purpose) => [
      () => `consent to ${purpose}`,
      () => `consent to ${purpose} is ${chance.one(['none', 'given', 'refused', 'withdrawn'])}`,
      () => `consent to ${purpose} in (given, refused)`,
    ])
    const stages = consents.length === 0 || chance.once(3) ? [() => `stage was ${chance.one(this.#stages)}`] : []
    return [...consents, ...stages]
  }
}
