import type { Action, Expression, Place } from '../definition.ts'
import { own } from '../named.ts'
import type { Program } from '../program.ts'
import { consentsToReach } from '../reach.ts'
import { recipientInWords } from '../wording.ts'
import { fieldsIn } from './reading.ts'

/** Data that rest on consents, used by an action. */
export interface Use {
  readonly at: Place
  /** In the author's words: ``letter `receipt` ``. */
  readonly by: string
  readonly field: string
}

/** The consents of which any one brings a field's value into reach; none where it may be used whatever the client says. */
export function consentsFor({ definition, process }: Program, name: string): readonly string[] {
  const field = own(process.fields, name)
  return (field && consentsToReach(definition, field)) ?? []
}

/** Whether a field's value may be used with the client's consent alone. */
export function restsOnConsents({ definition, process }: Program, name: string): boolean {
  const field = own(process.fields, name)
  return field !== undefined && consentsToReach(definition, field) !== undefined
}

/** What an action uses of the data that rest on consents. Its condition is looked at apart. */
export function usesOf(program: Program, action: Action): readonly Use[] {
  const { at } = action
  return usedBy(program, action)
    .filter(({ field }) => restsOnConsents(program, field))
    .map(({ field, by }) => ({ field, by, at }))
}

/** Whether an action or its condition uses data that rest on consents. */
export function usesConsentData(program: Program, action: Action): boolean {
  const read = action.when ? fieldsIn(action.when) : []
  return read.some((field) => restsOnConsents(program, field)) || usesOf(program, action).length > 0
}

interface Used {
  readonly field: string
  readonly by: string
}

function usedBy(program: Program, action: Action): readonly Used[] {
  const { definition } = program
  const used = (by: string, fields: readonly string[]): Used[] => [...new Set(fields)].map((field) => ({ field, by }))
  switch (action.kind) {
    case 'send': {
      const letter = own(definition.letters, action.letter)
      const address = action.to.kind === 'field' ? [action.to.field] : []
      return [
        ...used(`letter \`${action.letter}\``, letter?.uses.map(({ name }) => name) ?? []),
        ...used(`letter \`${action.letter}\`, as the address \`${recipientInWords(action.to)}\`,`, address),
        ...action.attach.flatMap((name) => documentUses(program, name)),
      ]
    }
    case 'write':
      return documentUses(program, action.document)
    case 'call':
      return used(`the call of \`${action.webhook}\``, action.with)
    case 'set':
      return used(`\`set ${action.field}\``, fieldsIn(action.value))
    case 'start':
      return used(`\`start ${action.process}\``, Object.values(action.with).flatMap(fieldsIn))
    case 'assign':
      return 'person' in action.to ? used('`assign`', fieldsIn(action.to.person)) : []
    default:
      return []
  }
}

function documentUses({ definition }: Program, name: string): readonly Used[] {
  const fields = own(definition.documents, name)?.uses.map((use) => use.name) ?? []
  return [...new Set(fields)].map((field) => ({ field, by: `document \`${name}\`` }))
}

/** A field that a condition reads, where it reads it: `b` in `a and b` only where `a` holds. */
export interface ConditionRead {
  readonly field: string
  /** What has to hold, and what not, for it to be read. */
  readonly when: readonly { readonly condition: Expression; readonly holds: boolean }[]
}

/** The fields that a condition reads. */
export function readsOf(condition: Expression, when: ConditionRead['when'] = []): readonly ConditionRead[] {
  switch (condition.kind) {
    case 'not':
      return readsOf(condition.of, when)
    case 'and':
    case 'or': {
      const guard = { condition: condition.left, holds: condition.kind === 'and' }
      return [...readsOf(condition.left, when), ...readsOf(condition.right, [...when, guard])]
    }
    default:
      return fieldsIn(condition).map((field) => ({ field, when }))
  }
}
