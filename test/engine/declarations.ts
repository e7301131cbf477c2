import type {
  Action,
  ActionBody,
  Definition,
  Expression,
  Field,
  FieldType,
  Letter,
  Place,
  Process,
  Purpose,
  Rule,
  Shown,
  Stage,
  Trigger,
} from '../../engine/index.ts'

/** Short constructors for definitions written by hand in tests: what a test leaves out is as the language has it. */

export const at = (line: number, file = 'test.zgoda'): Place => ({ file, line, column: 3 })

export const text = (value: string): Expression => ({ kind: 'text', value })
export const number = (value: number): Expression => ({ kind: 'number', value })
export const option = (value: string): Expression => ({ kind: 'option', value })
export const field = (name: string, type: Extract<Expression, { kind: 'field' }>['type'] = 'text'): Expression => ({
  kind: 'field',
  field: name,
  type,
})
export const consentIs = (
  purpose: string,
  ...statuses: Extract<Expression, { kind: 'consent' }>['statuses']
): Expression => ({ kind: 'consent', purpose, statuses: statuses.length > 0 ? statuses : ['given'] })
export const compare = (
  left: Expression,
  operator: Extract<Expression, { kind: 'compare' }>['operator'],
  right: Expression,
  as: Extract<Expression, { kind: 'compare' }>['as'] = 'number',
): Expression => ({ kind: 'compare', left, operator, right, as })
export const and = (left: Expression, right: Expression): Expression => ({ kind: 'and', left, right })

export const act = (body: ActionBody, when?: Expression, line = 1): Action => ({
  ...body,
  ...(when && { when }),
  at: at(line),
})
export const goTo = (stage: string, when?: Expression): Action => act({ kind: 'go to', stage }, when)
export const notify = (words: string, when?: Expression): Action =>
  act({ kind: 'notify', to: { kind: 'everyone' }, text: { en: words } }, when)

export const rule = (
  id: string,
  trigger: Trigger,
  actions: readonly Action[] = [],
  more: { when?: Expression; at?: Place } = {},
): Rule => ({ id, trigger, actions, at: at(1), ...more })

export const shown = (...names: readonly string[]): readonly Shown[] =>
  names.map((name) => ({ field: name, at: at(1) }))

export const fieldOf = (name: string, type: FieldType['kind'] | FieldType, more: Partial<Field> = {}): Field => ({
  name,
  title: { en: name },
  type: typeof type === 'string' ? ({ kind: type } as FieldType) : type,
  personal: [],
  special: false,
  at: at(1),
  ...more,
})

export const stageOf = (name: string, more: Partial<Stage> = {}): Stage => ({
  name,
  title: { en: name },
  final: false,
  success: false,
  manualEntry: 'allowed',
  needs: [],
  show: [],
  edit: [],
  require: [],
  enter: [],
  leave: [],
  rules: [],
  at: at(1),
  ...more,
})

export const purposeOf = (name: string, basis: Purpose['basis'], more: Partial<Purpose> = {}): Purpose => ({
  name,
  title: { en: name },
  basis,
  necessary: false,
  version: 1,
  recipients: [],
  about: 'clients',
  at: at(1),
  ...more,
})

export const letterOf = (name: string, purpose?: string): Letter => ({
  name,
  subject: { en: name },
  body: { en: name },
  ...(purpose && { purpose }),
  uses: [],
  at: at(1),
})

export function named<T extends { readonly name: string }>(...list: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(list.map((each) => [each.name, each]))
}

export const processOf = (name: string, stages: readonly Stage[], more: Partial<Process> = {}): Process => ({
  name,
  title: { en: name },
  portal: false,
  moves: 'declared',
  access: { clerk: ['see', 'move', 'edit', 'erase'] },
  fields: {},
  show: [],
  edit: [],
  stages: named(...stages),
  rules: [],
  at: at(1),
  ...more,
})

export const workspaceOf = (process: Process, more: Partial<Definition> = {}): Definition => ({
  roles: {},
  purposes: {},
  letters: {},
  documents: {},
  forms: {},
  processes: named(process),
  tables: {},
  webhooks: {},
  ...more,
})
