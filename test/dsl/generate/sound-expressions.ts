import { isWord } from '../../../dsl/text/lexer.ts'
import type { ExpressionNode } from '../../../dsl/tree.ts'
import { consentStatuses } from '../../../dsl/vocabulary.ts'
import type { Chance } from './chance.ts'
import { name, number, nowhere as span } from './nodes.ts'
import { namesOf, someDate, someDuration, text } from './sound-words.ts'

/** A type by its name, with the options of a choice. */
export interface Kind {
  readonly type: string
  readonly options?: readonly string[]
}

export interface Valued extends Kind {
  readonly name: string
}

/** What an expression may name. */
export interface Scene {
  readonly fields: readonly Valued[]
  readonly stages: readonly string[]
  /** Purposes that rest on consent. */
  readonly consents: readonly string[]
  readonly tables: readonly { readonly name: string; readonly inputs: readonly Valued[]; readonly gives: Kind }[]
}

const texts = ['text', 'long text', 'email', 'phone', 'client email', 'client phone', 'link']
const numbers = ['number', 'money']

type Operator = Extract<ExpressionNode, { kind: 'binary' }>['operator']
type Make = () => ExpressionNode

/** Expressions whose names and types fit. */
export class SoundExpressions {
  readonly #chance: Chance
  readonly #scene: Scene

  constructor(chance: Chance, scene: Scene) {
    this.#chance = chance
    this.#scene = scene
  }

  /** A value for a field or input of this kind; of some kinds only other fields have one. */
  value(kind: Kind, depth = 2): ExpressionNode | undefined {
    const makes = this.#values(kind, depth)
    return makes.length === 0 ? undefined : this.#chance.one(makes)()
  }

  /** Something that is yes or no. */
  condition(depth = 2): ExpressionNode {
    const chance = this.#chance
    if (depth > 0 && chance.once(2)) {
      const operator = chance.one<Operator | 'not'>(['and', 'or', 'not'])
      if (operator === 'not') return { kind: 'not', of: this.condition(depth - 1), span }
      return binary(operator, this.condition(depth - 1), this.condition(depth - 1))
    }
    return chance.one(this.#tests(depth))()
  }

  #tests(depth: number): Make[] {
    const { consents, stages, fields } = this.#scene
    const chance = this.#chance
    const purpose = () => name(chance.one(consents))
    return [
      ...fields.flatMap((field) => this.#testsOf(field, depth)),
      ...(consents.length === 0
        ? []
        : [
            (): ExpressionNode => ({ kind: 'consent', purpose: purpose(), span }),
            (): ExpressionNode => {
              const statuses = namesOf(chance.some(consentStatuses, 1, 3))
              return { kind: 'consent', purpose: purpose(), statuses, span }
            },
          ]),
      ...(stages.length === 0
        ? []
        : [
            (): ExpressionNode => ({ kind: 'stage was', stage: name(chance.one(stages)), span }),
            () => binary('=', member('case', 'stage'), option(chance.one(stages))),
          ]),
      () => ({ kind: 'in', of: this.#number(0), options: [this.#number(depth - 1), this.#number(0)], span }),
      () => binary(chance.one<Operator>(['<', '>=', '!=']), this.#number(depth - 1), this.#number(0)),
    ]
  }

  #testsOf(field: Valued, depth: number): Make[] {
    const chance = this.#chance
    const { options = [] } = field
    const state = () => name(chance.one(['filled', 'missing']))
    const tests: Make[] = [() => ({ kind: 'is', of: word(field.name), state: state(), span })]
    if (field.type === 'yes/no') tests.push(() => word(field.name))
    if (field.type === 'choice') {
      tests.push(() => binary(chance.one<Operator>(['=', '!=']), word(field.name), option(chance.one(options))))
      tests.push(() => ({ kind: 'in', of: word(field.name), options: chance.some(options, 1).map(option), span }))
    }
    if (field.type === 'many')
      tests.push(() => ({ kind: 'contains', of: word(field.name), part: option(chance.one(options)), span }))
    if (texts.includes(field.type))
      tests.push(() => ({ kind: 'contains', of: word(field.name), part: this.#text(depth - 1), span }))
    if (field.type === 'date' || field.type === 'date and time')
      tests.push(() => binary(chance.one<Operator>(['<', '<=', '=']), word(field.name), this.#date(depth - 1)))
    return tests
  }

  #values(kind: Kind, depth: number): Make[] {
    const alike = this.#scene.fields.filter(
      ({ type, options }) => type === kind.type && sameOptions(options, kind.options),
    )
    const fields = alike.map((field) => () => word(field.name))
    if (texts.includes(kind.type)) return [() => this.#text(depth)]
    if (numbers.includes(kind.type)) return [() => this.#number(depth)]
    if (kind.type === 'date') return [() => this.#date(depth)]
    if (kind.type === 'date and time') return [...fields, () => this.#moment(depth)]
    if (kind.type === 'yes/no') return [...fields, () => word('yes'), () => word('no'), () => this.condition(depth)]
    if (kind.type === 'choice') return [...fields, () => option(this.#chance.one(kind.options ?? []))]
    return fields
  }

  #text(depth: number): ExpressionNode {
    const chance = this.#chance
    const makes: Make[] = [
      () => ({ kind: 'string', value: text(chance), span }),
      () => member('client', chance.one(['name', 'email', 'phone'])),
      () => member('case', 'number'),
      ...this.#fields(texts),
    ]
    if (depth > 0) makes.push(() => call('lower', [this.#text(depth - 1)]))
    return chance.one(makes)()
  }

  #number(depth: number): ExpressionNode {
    const chance = this.#chance
    const makes: Make[] = [
      () => ({ kind: 'number', ...number(chance.one(['0', '7', '12.50', '0.30', '1000000'])), span }),
      ...this.#fields(numbers),
      ...this.#fields(['many']).map((field) => () => call('count', [field()])),
    ]
    if (depth <= 0) return chance.one(makes)()
    makes.push(
      () => ({ kind: 'negate', of: this.#number(depth - 1), span }),
      () => binary(chance.one<Operator>(['+', '-']), this.#number(depth - 1), this.#number(depth - 1)),
      () => binary(chance.one<Operator>(['*', '/']), this.#number(depth - 1), { kind: 'number', ...number('2'), span }),
      () => call('length', [this.#text(depth - 1)]),
      () => call('days between', [this.#date(depth - 1), this.#moment(depth - 1)]),
      ...this.#calls(numbers, depth),
    )
    return chance.one(makes)()
  }

  #date(depth: number): ExpressionNode {
    const chance = this.#chance
    const makes: Make[] = [
      () => word('today'),
      () => ({ kind: 'date', value: someDate(chance), span }),
      ...this.#fields(['date']),
    ]
    if (depth > 0) makes.push(() => this.#moved(this.#date(depth - 1), ['days', 'weeks', 'months', 'year']))
    return chance.one(makes)()
  }

  #moment(depth: number): ExpressionNode {
    const makes: Make[] = [() => word('now'), () => member('case', 'created'), ...this.#fields(['date and time'])]
    if (depth > 0) {
      makes.push(() => this.#moved(this.#moment(depth - 1), ['minutes', 'hours', 'days']))
      makes.push(() => this.#moved(this.#date(depth - 1), ['minutes', 'hours']))
    }
    return this.#chance.one(makes)()
  }

  #moved(from: ExpressionNode, units: readonly string[]): ExpressionNode {
    const duration = someDuration(this.#chance, units)
    return binary(this.#chance.one<Operator>(['+', '-']), from, { kind: 'duration', duration, span })
  }

  #fields(types: readonly string[]): Make[] {
    return this.#scene.fields.filter(({ type }) => types.includes(type)).map((field) => () => word(field.name))
  }

  /** Calls of the tables that answer with such a value. */
  #calls(types: readonly string[], depth: number): Make[] {
    return this.#scene.tables
      .filter(({ gives }) => types.includes(gives.type))
      .map(
        (table) => () =>
          call(
            table.name,
            table.inputs.flatMap((input) => this.value(input, depth - 1) ?? []),
          ),
      )
  }
}

function sameOptions(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((each) => b.includes(each))
}

export function word(text: string): ExpressionNode {
  return { kind: 'word', name: name(text), span }
}

/** A bare word where it is one, else a text. */
function option(value: string): ExpressionNode {
  return isWord(value) ? word(value) : { kind: 'string', value, span }
}

function member(of: string, property: string): ExpressionNode {
  return { kind: 'member', of: name(of), property: name(property), span }
}

function call(of: string, inputs: readonly ExpressionNode[]): ExpressionNode {
  return { kind: 'call', name: name(of), inputs, span }
}

function binary(operator: Operator, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  return { kind: 'binary', operator, left, right, span }
}
