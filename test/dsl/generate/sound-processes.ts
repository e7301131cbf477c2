import fc from 'fast-check'
import type {
  ActionBodyNode,
  ActionNode,
  FieldNode,
  NeedsNode,
  ProcessItem,
  ProcessNode,
  RuleNode,
  ShownNode,
  StageItem,
  StageNode,
  TriggerNode,
  TypeNode,
} from '../../../dsl/tree.ts'
import { caseRights, decisions } from '../../../dsl/vocabulary.ts'
import type { Chance } from './chance.ts'
import { name, nowhere as span } from './nodes.ts'
import { type Kind, type Scene, SoundExpressions, type Valued, word } from './sound-expressions.ts'
import { namesOf, someDuration, someNames, someString, titled, translated } from './sound-words.ts'

/** What a workspace declares, by name. */
export interface Names {
  readonly roles: readonly string[]
  readonly purposes: readonly string[]
  readonly consents: readonly string[]
  readonly letters: readonly string[]
  readonly documents: readonly string[]
  readonly webhooks: readonly string[]
  readonly tables: Scene['tables']
  readonly processes: readonly ProcessNames[]
}

export interface ProcessNames {
  readonly name: string
  readonly fields: readonly Valued[]
  readonly stages: readonly string[]
  /** The forms that start or fill it. */
  readonly forms: readonly string[]
}

export function typeOf({ type, options }: Kind): TypeNode {
  return { name: name(type), ...(options ? { options: options.map((value) => ({ value, span })) } : {}), span }
}

/** A process in which every name stands for something that is declared, and every value fits. */
export class SoundProcess {
  readonly #chance: Chance
  readonly #names: Names
  readonly #own: ProcessNames
  readonly #expressions: SoundExpressions

  constructor(chance: Chance, names: Names, own: ProcessNames) {
    this.#chance = chance
    this.#names = names
    this.#own = own
    this.#expressions = new SoundExpressions(chance, { ...own, consents: names.consents, tables: names.tables })
  }

  node(): ProcessNode {
    const chance = this.#chance
    const { fields, stages } = this.#own
    const items: ProcessItem[] = [
      ...(chance.once(2) ? [{ kind: 'portal' as const, value: true as const, span }] : []),
      ...(chance.once(2) ? [{ kind: 'moves' as const, value: name(chance.one(['declared', 'free'])), span }] : []),
      ...chance.some(this.#names.roles).map((role): ProcessItem => {
        return { kind: 'access', role: name(role), rights: namesOf(chance.some(caseRights, 1)), span }
      }),
      ...fields.map((field) => this.#field(field)),
      ...this.#shown(1),
      ...stages.map((stage) => this.#stage(stage)),
      ...chance.many(0, 2, () => this.#rule()),
    ]
    const order = chance.draw(fc.shuffledSubarray(items, { minLength: items.length }))
    return { kind: 'process', name: name(this.#own.name), ...titled(chance), items: order, span }
  }

  #field(kind: Valued): FieldNode {
    const chance = this.#chance
    const personal = chance.once(2) ? namesOf(chance.some(this.#names.purposes, 1, 2)) : []
    const value = chance.once(4) ? this.#expressions.value(kind) : undefined
    return {
      kind: 'field',
      name: name(kind.name),
      ...titled(chance),
      type: typeOf(kind),
      personal,
      special: personal.length > 0 && chance.once(3),
      ...(value ? { default: value } : {}),
      span,
    }
  }

  #shown(most: number): ShownNode[] {
    const chance = this.#chance
    if (this.#own.fields.length === 0) return []
    return chance.many(0, most, () => {
      const kind = chance.one(['show', 'edit'] as const)
      const to = chance.once(3) ? { to: namesOf(chance.some(['client', ...this.#names.roles], 1)) } : {}
      return { kind, fields: this.#someFields(), ...to, span }
    })
  }

  #someFields() {
    return namesOf(
      this.#chance.some(
        this.#own.fields.map((field) => field.name),
        1,
      ),
    )
  }

  #stage(stage: string): StageNode {
    const chance = this.#chance
    const final = chance.once(3)
    const fields = this.#own.fields.length > 0
    const items: StageItem[] = [
      ...this.#shown(2),
      ...(fields && chance.once(3) ? [{ kind: 'require' as const, value: this.#someFields(), span }] : []),
      ...(chance.once(4) ? [{ kind: 'forbid' as const, value: true as const, span }] : []),
      ...this.#needs(),
      ...(chance.once(2) ? [{ kind: 'enter' as const, value: this.#actions(), span }] : []),
      ...(chance.once(4) ? [{ kind: 'leave' as const, value: this.#actions(), span }] : []),
      ...chance.many(0, 4, () => this.#rule()),
    ]
    const was = chance.once(6) ? { was: name(someNames(chance, 1, 1)[0] ?? stage) } : {}
    return {
      kind: 'stage',
      name: name(stage),
      ...titled(chance),
      ...was,
      final,
      success: final && chance.once(2),
      items,
      span,
    }
  }

  #needs(): NeedsNode[] {
    const chance = this.#chance
    if (this.#names.consents.length === 0 || !chance.once(3)) return []
    const purpose = name(chance.one(this.#names.consents))
    return [{ kind: 'needs', purpose, otherwise: name(chance.one(this.#own.stages)), span }]
  }

  #rule(): RuleNode {
    const chance = this.#chance
    const trigger = this.#trigger()
    const when = trigger.kind === 'when' || chance.once(3) ? { when: this.#expressions.condition() } : {}
    const actions = this.#actions()
    const goes = trigger.kind !== 'move' && (actions.length === 0 || chance.once(2))
    const going: ActionNode[] = goes ? [{ kind: 'go', stage: name(chance.one(this.#own.stages)), span }] : []
    return { kind: 'rule', trigger, ...when, actions: [...actions, ...going], span }
  }

  #trigger(): TriggerNode {
    const chance = this.#chance
    const { roles, letters, consents } = this.#names
    const { stages, forms } = this.#own
    const time = this.#expressions.value({ type: chance.one(['date', 'date and time']) }) ?? word('today')
    const triggers: (() => TriggerNode)[] = [
      () => ({
        kind: 'reply',
        ...(letters.length > 0 && chance.once(2) ? { letter: name(chance.one(letters)) } : {}),
        saying: chance.many(0, 2, () => someString(chance)),
      }),
      ...forms.map((form) => (): TriggerNode => ({ kind: 'form', form: name(form) })),
      ...consents.map((purpose) => (): TriggerNode => {
        return { kind: 'consent', purpose: name(purpose), decision: name(chance.one(decisions)) }
      }),
      () => ({ kind: 'signal', signal: name(someNames(chance, 1, 1)[0] ?? 'signal') }),
      () => ({ kind: 'after', delay: someDuration(chance) }),
      () => ({ kind: 'at', time }),
      () => ({ kind: 'when' }),
      () => ({
        kind: 'move',
        to: name(chance.one(stages)),
        ...(roles.length > 0 && chance.once(2) ? { by: namesOf(chance.some(roles, 1)) } : {}),
        ...(chance.once(3) ? { as: translated(chance) } : {}),
      }),
      () => ({ kind: 'cases done' }),
    ]
    return chance.one(triggers)()
  }

  #actions(): ActionNode[] {
    const chance = this.#chance
    return chance.many(0, 3, () => {
      const when = chance.once(4) ? { when: this.#expressions.condition(1) } : {}
      return { ...chance.one(this.#actionsPossible())(), ...when, span }
    })
  }

  #actionsPossible(): (() => ActionBodyNode)[] {
    const chance = this.#chance
    const { roles, letters, documents, webhooks, consents } = this.#names
    const { fields } = this.#own
    const receivers = ['client', 'assignee', ...roles, ...named(fields, ['email', 'client email'])]
    const some = <T>(things: readonly T[], make: (thing: T) => ActionBodyNode) =>
      things.map((thing) => () => make(thing))
    return [
      () => ({ kind: 'notify', to: name(chance.one(['everyone', 'assignee', ...roles])), text: translated(chance) }),
      () => ({ kind: 'erase', fields: namesOf(['client']) }),
      ...some(letters, (letter) => {
        const attach = namesOf(chance.some(documents, 0, 2))
        return { kind: 'send', letter: name(letter), to: name(chance.one(receivers)), attach }
      }),
      ...(fields.length === 0 ? [] : [() => this.#erase()]),
      ...some(fields, (field) => this.#set(field)),
      ...some(consents, (purpose) => ({ kind: 'record', purpose: name(purpose), refused: chance.once(2) })),
      ...some([...roles, ...named(fields, ['person'])], (to) => ({ kind: 'assign', to: word(to) })),
      ...some(this.#names.processes, (process) => this.#start(process)),
      ...some(documents, (document) => ({ kind: 'write', document: name(document) })),
      ...some(webhooks, (webhook) => {
        return { kind: 'call', webhook: name(webhook), with: fields.length > 0 ? this.#someFields() : [] }
      }),
    ]
  }

  #erase(): ActionBodyNode {
    const after = this.#chance.once(3) ? { after: someDuration(this.#chance) } : {}
    return { kind: 'erase', fields: this.#someFields(), ...after }
  }

  /** A field that nothing can be set to is set to what it is. */
  #set(field: Valued): ActionBodyNode {
    return { kind: 'set', field: name(field.name), value: this.#expressions.value(field) ?? word(field.name) }
  }

  #start(process: ProcessNames): ActionBodyNode {
    const values = this.#chance.some(process.fields, 0, 2).flatMap((field) => {
      const value = this.#expressions.value(field, 1)
      return value ? [{ field: name(field.name), value }] : []
    })
    return { kind: 'start', process: name(process.name), with: values }
  }
}

function named(fields: readonly Valued[], types: readonly string[]): string[] {
  return fields.filter(({ type }) => types.includes(type)).map((field) => field.name)
}
