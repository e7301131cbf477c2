import fc from 'fast-check'
import { Chance } from '../../dsl/generate/chance.ts'
import { RandomConditions } from './random-conditions.ts'

/** Small workspaces by chance, in Zgoda text that reads without an error: many sound, many broken in ways the verifier tells of. */
export function randomWorkspace(): fc.Arbitrary<string> {
  return fc.gen().map((draw) => new RandomWorkspace(new Chance(draw)).text())
}

export interface RandomField {
  readonly name: string
  readonly type: string
  /** The numbers or options it is compared with. */
  readonly compared: readonly string[]
  readonly personal: readonly string[]
  /** Whether only consents bring it into reach. */
  readonly consentOnly: boolean
}

const kinds = {
  flag: { type: 'yes/no', compared: ['yes', 'no'] },
  kind: { type: 'choice (left, right)', compared: ['left', 'right'] },
  amount: { type: 'number', compared: ['10', '20'] },
  note: { type: 'text', compared: [] },
  day: { type: 'date', compared: [] },
  mail: { type: 'client email', compared: [] },
} as const

type Kind = keyof typeof kinds

class RandomWorkspace {
  readonly #chance: Chance
  readonly #consents: readonly string[]
  readonly #fields: readonly RandomField[]
  readonly #open: readonly string[]
  readonly #ends: readonly string[]
  /** Stages that no person moves a case to. */
  readonly #forbidding: readonly string[]
  readonly #conditions: RandomConditions
  readonly #hasForm: boolean
  /** A condition that may send a case round and round, as several stages go on under it. */
  readonly #loop: string

  constructor(chance: Chance) {
    this.#chance = chance
    this.#consents = ['offers', 'health'].slice(0, chance.one([0, 1, 1, 1, 2]))
    const names: readonly Kind[] = ['flag', 'kind', 'amount', 'note', 'day', 'mail']
    this.#fields = chance.some(names, 0, chance.one([1, 2, 2, 3])).map((name) => this.#field(name))
    this.#open = ['a', 'b', 'c', 'd'].slice(0, chance.one([1, 2, 2, 3, 3, 4]))
    this.#ends = ['y', 'z'].slice(0, chance.one([1, 1, 1, 2]))
    this.#forbidding = this.#open.slice(1).filter(() => chance.once(6))
    this.#hasForm = chance.once(3)
    this.#conditions = new RandomConditions(chance, this.#fields, this.#consents, this.#open)
    this.#loop = this.#conditions.any()
  }

  text(): string {
    return `company "Chance" { address "Street 1" email "chance@chance.example" }
role clerk "Clerk" { clients: see }
role boss "Boss" { clients: see }
${this.#purposes()}
letter ask "Ask" { body "Please answer." }
letter info "Info" {${this.#letterFor()}
  body "${this.#letterBody()}"
}
${this.#forms()}process side "Side" {
  access clerk: see, move
  stage open "Open" { move to closed }
  final stage closed "Closed" success
}

process main "Main" {
  show in portal
  moves ${this.#chance.once(6) ? 'free' : 'declared'}
  access clerk: see, move, edit
  access boss: see, move
${this.#fields.map((field) => `  ${this.#fieldLine(field)}\n`).join('')}${this.#processRules()}
${[...this.#open.map((name) => this.#openStage(name)), ...this.#ends.map((name) => this.#endStage(name))].join('\n\n')}
}
`
  }

  #field(name: Kind): RandomField {
    const { type, compared } = kinds[name]
    const chance = this.#chance
    const purposes = [...this.#consents, 'deal']
    const personal = name !== 'day' && chance.once(2) ? chance.some(purposes, 1, 2) : []
    const consentOnly = personal.length > 0 && !personal.includes('deal')
    return { name, type, personal, consentOnly, compared: name === 'amount' ? chance.some(compared, 1, 1) : compared }
  }

  #fieldLine({ name, type, personal, compared }: RandomField): string {
    const value = compared.length > 0 && this.#chance.once(3) ? ` default ${this.#chance.one(compared)}` : ''
    const held = personal.length > 0 ? ` personal for ${personal.join(', ')}` : ''
    return `field ${name} "${name}" ${type}${held}${value}`
  }

  #purposes(): string {
    const keep = () => (this.#chance.once(2) ? '\n  keep until end' : '')
    const consents = this.#consents.map((name) => {
      const necessary = this.#chance.once(4) ? '\n  necessary' : ''
      return `purpose ${name} "${name}" {\n  basis consent${necessary}\n  text "We use it. You can say no."${keep()}\n}\n`
    })
    return `${consents.join('')}purpose deal "deal" {\n  basis contract\n  text "We use it for you."${keep()}\n}\n`
  }

  #letterFor(): string {
    return this.#consents.length > 0 && this.#chance.once(4) ? `\n  for ${this.#chance.one(this.#consents)}` : ''
  }

  #letterBody(): string {
    const fields = this.#chance.once(3) ? this.#chance.some(this.#fields, 0, 1) : []
    return `Hello. ${fields.map(({ name }) => `{{ ${name} }}`).join(' ')}`
  }

  #forms(): string {
    const chance = this.#chance
    const ask = () => {
      const required = chance.once(2) ? ' required' : ''
      const fields = chance.some(this.#fields, 1, 1).map(({ name }) => `  ask ${name}${required}\n`)
      const consents = chance
        .some(this.#consents, 0, 1)
        .map((name) => `  ask consent to ${name}${chance.once(2) ? ' required' : ''}\n`)
      return [...consents, ...fields].join('')
    }
    const form = (name: string, does: string) => {
      const questions = ask()
      return questions === '' ? '' : `form ${name} "${name}" {\n  ${does} main\n${questions}}\n`
    }
    const elsewhere =
      this.#consents.length > 0 && chance.once(5)
        ? `form club "club" {\n  starts side\n  ask consent to ${chance.one(this.#consents)}\n}\n`
        : ''
    const begin = chance.once(4) ? form('begin', 'starts') : ''
    const more = this.#hasForm ? `form more "more" {\n  fills main\n${ask() || '  ask consent to offers\n'}}\n` : ''
    return `${this.#hasForm && this.#fields.length + this.#consents.length === 0 ? '' : more}${begin}${elsewhere}\n`
  }

  get #canFill(): boolean {
    return this.#hasForm && this.#fields.length + this.#consents.length > 0
  }

  #processRules(): string {
    return this.#chance
      .many(0, this.#chance.one([0, 0, 0, 1, 2]), () => {
        const chance = this.#chance
        const triggers = ['on signal cancel', `after ${chance.between(1, 3)} days`, ...this.#consentTriggers()]
        return `  ${chance.one(triggers)}${this.#when(4)} ${this.#follows(this.#open[0] ?? 'a', false)}\n`
      })
      .join('')
  }

  #consentTriggers(): readonly string[] {
    const decision = () => this.#chance.one(['given', 'refused', 'withdrawn'])
    return this.#consents.map((name) => `on consent to ${name} ${decision()}`)
  }

  #openStage(name: string): string {
    const chance = this.#chance
    const needs = chance.once(5)
      ? chance.some(this.#consents, 0, 1).map((purpose) => {
          return `needs consent to ${purpose}, otherwise go to ${this.#target(name)}`
        })
      : []
    const shown = (word: string, times: number, fields = this.#fields) =>
      chance.once(times) && fields.length > 0
        ? [
            `${word} ${chance
              .some(fields, 1)
              .map((field) => field.name)
              .join(', ')}`,
          ]
        : []
    const lines = [
      ...(this.#forbidding.includes(name) ? ['forbid manual entry'] : []),
      ...needs,
      ...shown('show', 5),
      ...shown('edit', chance.one([1, 2])),
      ...shown('require', 6),
      ...(chance.once(3) ? [`on enter { ${this.#actions(false, false).join('  ')} }`] : []),
      ...(chance.once(8) ? [`on leave { ${this.#actions(false, false).join('  ')} }`] : []),
      ...chance.many(0, chance.between(1, 4), () => this.#rule(name)),
      ...(chance.once(6) ? [`when ${this.#loop} go to ${this.#target(name)}`] : []),
      ...(chance.once(5) ? [] : [this.#onward(name)]),
    ]
    return `  stage ${name} "${name}" {\n${lines.map((line) => `    ${line}\n`).join('')}  }`
  }

  /** The way that most processes have: a person moves the case to the next stage, or a rule does where no person may. */
  #onward(name: string): string {
    const next = this.#open[this.#open.indexOf(name) + 1] ?? this.#chance.one(this.#ends)
    return this.#forbidding.includes(next) ? `on signal ping go to ${next}` : `move to ${next}${this.#by()}`
  }

  #endStage(name: string): string {
    const success = name === 'y' && this.#chance.once(2) ? ' success' : ''
    const erase = this.#fields.length > 0 && this.#chance.once(2) ? ` {\n    on enter { ${this.#erase()} }\n  }` : ''
    return `  final stage ${name} "${name}"${success}${erase}`
  }

  #movable(from: string): readonly string[] {
    return [...this.#open, ...this.#ends].filter((name) => name !== from && !this.#forbidding.includes(name))
  }

  #target(from: string): string {
    return this.#chance.one([...this.#open, ...this.#ends].filter((name) => name !== from))
  }

  #by(): string {
    return this.#chance.once(4) ? ` by ${this.#chance.one(['clerk', 'boss', 'clerk, boss'])}` : ''
  }

  #when(times: number): string {
    return this.#chance.once(times) ? ` when ${this.#conditions.any()}` : ''
  }

  #rule(stage: string): string {
    const chance = this.#chance
    const saying = () => chance.one([' saying "yes"', ' saying "no"', ' saying "yes" or "no"'])
    const reply = () => {
      const to = chance.once(2) ? ' to ask' : ''
      const says = this.#consents.length > 0 || chance.once(2) ? saying() : ''
      return `on reply from client${to}${says}${this.#when(4)} ${this.#follows(stage, says !== '')}`
    }
    const rules: (() => string)[] = [
      reply,
      reply,
      () => `on signal ${chance.one(['ping', 'pong'])}${this.#when(3)} ${this.#follows(stage, false)}`,
      () => `after ${chance.between(1, 3)} days${this.#when(3)} ${this.#follows(stage, false)}`,
      () => `when ${this.#conditions.any()} ${this.#follows(stage, false)}`,
      () => `when ${this.#conditions.any()} ${this.#follows(stage, false)}`,
      () => `move to ${chance.one(this.#movable(stage))}${this.#by()}${this.#when(2)}`,
      () => `move to ${chance.one(this.#movable(stage))}${this.#when(2)} { ${this.#actions(false, false).join('  ')} }`,
    ]
    if (this.#fields.some(({ name }) => name === 'day'))
      rules.push(() => `at day${this.#when(3)} ${this.#follows(stage, false)}`)
    if (this.#canFill) rules.push(() => `on form more${this.#when(3)} ${this.#follows(stage, true)}`)
    for (const trigger of this.#consentTriggers())
      rules.push(() => `${trigger}${this.#when(4)} ${this.#follows(stage, false)}`)
    if (chance.once(6)) rules.push(() => `on cases done ${this.#follows(stage, false)}`)
    return chance.one(rules)()
  }

  /** What a rule does: goes somewhere, acts, or both. */
  #follows(stage: string, shows: boolean): string {
    const chance = this.#chance
    const going = `go to ${this.#target(stage)}`
    switch (chance.one(['goes', 'goes', 'acts', 'both', 'may go'])) {
      case 'goes':
        return going
      case 'acts':
        return `{ ${this.#actions(shows, shows).join('  ')} }`
      case 'both':
        return `{ ${[...this.#actions(shows, shows), going].join('  ')} }`
      default:
        return `{ ${[...this.#actions(shows, shows), `${going} when ${this.#conditions.any()}`].join('  ')} }`
    }
  }

  #erase(): string {
    const after = this.#chance.once(3) ? ' after 10 days' : ''
    return `erase ${this.#chance
      .some(this.#fields, 1)
      .map(({ name }) => name)
      .join(', ')}${after}`
  }

  /** `shows` where the client's own act stands behind it, so that it may record a consent; then it mostly does. */
  #actions(shows: boolean, records: boolean): readonly string[] {
    const chance = this.#chance
    const record = () => `record consent to ${chance.one(this.#consents)}${chance.once(3) ? ' refused' : ''}`
    const first = records && this.#consents.length > 0 && chance.once(2) ? [record()] : []
    return [
      ...first,
      ...chance.many(1, first.length > 0 || shows ? 1 : 2, () => {
        const sets = this.#fields
          .filter(({ compared, consentOnly }) => compared.length > 0 && !consentOnly)
          .map(
            ({ name, compared }) =>
              () =>
                `set ${name} to ${chance.one(compared)}`,
          )
        const actions: (() => string)[] = [
          () => 'send ask to client',
          () => 'send ask to client',
          () => 'send info to client',
          () => 'notify clerk "Look"',
          ...sets,
          ...(this.#fields.length > 0 ? [() => this.#erase()] : []),
          ...(shows && this.#consents.length > 0 && first.length === 0 ? [record] : []),
          ...(chance.once(4) ? [() => 'start side'] : []),
        ]
        return `${chance.one(actions)()}${this.#when(8)}`
      }),
    ]
  }
}
