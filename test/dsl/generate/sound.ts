import fc from 'fast-check'
import type {
  CompanyNode,
  Declaration,
  FileNode,
  FormNode,
  HoursNode,
  KeepNode,
  LetterNode,
  PurposeItem,
  PurposeNode,
  QuestionNode,
  RoleNode,
  RowNode,
  TableNode,
  WebhookNode,
} from '../../../dsl/tree.ts'
import { bases, cardRights, optionTypes, plainTypes, subjects } from '../../../dsl/vocabulary.ts'
import { weekdays } from '../../../engine/definition.ts'
import { Chance } from './chance.ts'
import { name, number, nowhere as span, string } from './nodes.ts'
import { type Kind, SoundExpressions } from './sound-expressions.ts'
import { type Names, type ProcessNames, SoundProcess, typeOf } from './sound-processes.ts'
import { namesOf, someDate, someDuration, someNames, someString, text, titled, translated } from './sound-words.ts'

/**
 * Workspaces that mean something: every name in them stands for what is declared, every type fits. All that the language
 * can say comes up, with names and texts as wild as the language lets them be.
 */
export const soundWorkspace: fc.Arbitrary<FileNode> = fc.limitShrink(
  fc.gen().map((draw) => new SoundWorkspace(new Chance(draw)).file()),
  50,
)

class SoundWorkspace {
  readonly #chance: Chance
  readonly #names: Names
  readonly #fieldNames: readonly string[]
  /** None is a field's name too: a bare word could be either. */
  readonly #optionWords: readonly string[]
  readonly #forms: readonly { readonly name: string; readonly process: ProcessNames }[]

  constructor(chance: Chance) {
    this.#chance = chance
    const purposes = someNames(chance, 0, 4)
    const words = someNames(chance, 20, 20)
    this.#fieldNames = words.slice(0, 10)
    this.#optionWords = words.slice(10)
    const processes = someNames(chance, 1, 2).map((process) => this.#processNames(process))
    const forms = someNames(chance, 0, 2).map((form) => ({ name: form, process: chance.one(processes) }))
    this.#forms = forms
    this.#names = {
      roles: someNames(chance, 0, 3),
      purposes,
      consents: chance.some(purposes),
      letters: someNames(chance, 0, 2),
      documents: someNames(chance, 0, 2),
      webhooks: someNames(chance, 0, 1),
      tables: someNames(chance, 0, 1).map((table) => this.#tableNames(table)),
      processes: processes.map((process) => ({
        ...process,
        forms: forms.filter((form) => form.process === process).map((form) => form.name),
      })),
    }
  }

  file(): FileNode {
    const { roles, purposes, letters, documents, webhooks, tables, processes } = this.#names
    const chance = this.#chance
    const declarations: Declaration[] = [
      ...(chance.once(2) ? [this.#company()] : []),
      ...(chance.once(2) ? [this.#hours()] : []),
      ...roles.map((each) => this.#role(each)),
      ...purposes.map((each) => this.#purpose(each)),
      ...letters.map((each) => this.#letter('letter', each)),
      ...documents.map((each) => this.#letter('document', each)),
      ...this.#forms.map((each) => this.#form(each.name, each.process)),
      ...webhooks.map((each) => this.#webhook(each)),
      ...tables.map((each) => this.#table(each)),
      ...processes.map((each) => new SoundProcess(chance, this.#names, each).node()),
    ]
    return { declarations: chance.draw(fc.shuffledSubarray(declarations, { minLength: declarations.length })) }
  }

  #processNames(process: string): ProcessNames {
    const fields = this.#chance
      .some(this.#fieldNames, 0, 6)
      .map((field) => ({ name: field, ...this.#kind(plainTypes) }))
    return { name: process, fields, stages: someNames(this.#chance, 1, 4), forms: [] }
  }

  #tableNames(table: string): Names['tables'][number] {
    const types = ['number', 'money', 'text', 'date', 'yes/no']
    const inputs = this.#chance
      .some(this.#fieldNames, 1, 3)
      .map((input) => ({ name: input, ...this.#kind(types, ['choice']) }))
    return { name: table, inputs, gives: this.#kind(types, ['choice']) }
  }

  #kind(plain: readonly string[], withOptions: readonly string[] = optionTypes): Kind {
    const type = this.#chance.one([...plain, ...withOptions])
    if (!withOptions.includes(type)) return { type }
    const texts = this.#chance.many(0, 2, () => text(this.#chance)).filter((each) => !this.#fieldNames.includes(each))
    return { type, options: [...new Set([...this.#chance.some(this.#optionWords, 1, 3), ...texts])] }
  }

  #company(): CompanyNode {
    const kinds = this.#chance.some(['address', 'email', 'phone', 'officer'] as const)
    const items = kinds.map((kind) => ({ kind, value: someString(this.#chance), span }))
    return { kind: 'company', title: someString(this.#chance), items, span }
  }

  #role(role: string): RoleNode {
    const clients = { kind: 'clients' as const, value: namesOf(this.#chance.some(cardRights, 1)), span }
    return {
      kind: 'role',
      name: name(role),
      ...titled(this.#chance),
      items: this.#chance.once(2) ? [clients] : [],
      span,
    }
  }

  #purpose(purpose: string): PurposeNode {
    const chance = this.#chance
    const asked = this.#names.consents.includes(purpose)
    const basis = chance.one(bases.filter((each) => each.endsWith('consent') === asked))
    const items: PurposeItem[] = chance.some<PurposeItem>([
      { kind: 'necessary', value: true, span },
      { kind: 'version', value: number(String(chance.between(1, 30))), span },
      { kind: 'text', value: translated(chance), span },
      { kind: 'keep', value: this.#keep(), span },
      { kind: 'recipients', value: chance.many(1, 3, () => someString(chance)), span },
      { kind: 'about', value: name(chance.one(subjects)), span },
    ])
    const all: PurposeItem[] = [{ kind: 'basis', value: name(basis), span }, ...items]
    return { kind: 'purpose', name: name(purpose), ...titled(chance), items: all, span }
  }

  #keep(): KeepNode {
    if (this.#chance.once(2)) return { event: name('end') }
    return { for: someDuration(this.#chance), event: name(this.#chance.one(['end', 'given'])) }
  }

  #letter(kind: LetterNode['kind'], letter: string): LetterNode {
    const chance = this.#chance
    const words = () =>
      `${text(chance)}${chance.one(['', ' {{ client.name | default: "you" }}', '\n\n{% if case.number %}\n# {{ case.number }}\n{% endif %}\n'])}`
    const body = { kind: 'body' as const, value: translated(chance, words), span }
    const { purposes } = this.#names
    const reason =
      purposes.length > 0 && chance.once(2) ? [{ kind: 'for' as const, value: name(chance.one(purposes)), span }] : []
    return { kind, name: name(letter), ...titled(chance), items: [...reason, body], span }
  }

  #form(form: string, process: ProcessNames): FormNode {
    const chance = this.#chance
    const { consents, tables } = this.#names
    const expressions = new SoundExpressions(chance, { ...process, consents, tables })
    const rest = () => ({
      required: chance.once(2),
      ...(chance.once(3) ? { when: expressions.condition() } : {}),
      span,
    })
    const questions: QuestionNode[] = [
      ...chance
        .some(process.fields)
        .map((field): QuestionNode => ({ kind: 'ask', field: name(field.name), ...rest() })),
      ...chance.some(consents).map((purpose): QuestionNode => ({ kind: 'ask', consent: name(purpose), ...rest() })),
    ]
    const target = { kind: chance.one(['starts', 'fills'] as const), value: name(process.name), span }
    return { kind: 'form', name: name(form), ...titled(chance), items: [target, ...questions], span }
  }

  #webhook(webhook: string): WebhookNode {
    const chance = this.#chance
    const { purposes } = this.#names
    const items: WebhookNode['items'] = [
      { kind: 'url', value: string(`https://hooks.example/${chance.between(1, 999)}`), span },
      ...chance.some<WebhookNode['items'][number]>([
        { kind: 'recipient', value: someString(chance), span },
        { kind: 'secret', value: name(chance.one(['HOOK_SECRET', 'secret', '_key2'])), span },
      ]),
      ...(purposes.length > 0 && chance.once(2)
        ? [{ kind: 'for' as const, value: name(chance.one(purposes)), span }]
        : []),
    ]
    return { kind: 'webhook', name: name(webhook), ...titled(chance), items, span }
  }

  #table(table: Names['tables'][number]): TableNode {
    const chance = this.#chance
    const { inputs } = table
    const expressions = new SoundExpressions(chance, { fields: inputs, stages: [], consents: [], tables: [] })
    const value = () => expressions.value(table.gives) ?? expressions.condition()
    const rows: RowNode[] = chance.many(0, 3, () => ({
      kind: 'row',
      when: expressions.condition(),
      value: value(),
      span,
    }))
    const last: RowNode[] = chance.once(2) ? [{ kind: 'row', value: value(), span }] : []
    return {
      kind: 'table',
      name: name(table.name),
      ...titled(chance),
      inputs: inputs.map((input) => ({ name: name(input.name), type: typeOf(input) })),
      gives: typeOf(table.gives),
      rows: [...rows, ...last],
      span,
    }
  }

  #hours(): HoursNode {
    const chance = this.#chance
    const clock = (hour: number) => ({ hour: number(String(hour)), minute: number(chance.one(['00', '30', '05'])) })
    const week = chance.many(0, 2, () => ({
      kind: 'week' as const,
      days: chance.many(1, 2, () => ({
        from: name(chance.one(weekdays)),
        ...(chance.once(2) ? { to: name(chance.one(weekdays)) } : {}),
      })),
      from: clock(chance.between(0, 9)),
      to: clock(chance.between(10, 23)),
      span,
    }))
    const items: HoursNode['items'] = [
      ...week,
      ...chance.some<HoursNode['items'][number]>([
        { kind: 'timezone', value: string(chance.one(['Europe/Warsaw', 'UTC'])), span },
        { kind: 'holidays', value: namesOf(chance.many(1, 4, () => someDate(chance))), span },
      ]),
    ]
    return { kind: 'hours', items, span }
  }
}
