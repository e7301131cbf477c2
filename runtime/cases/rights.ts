import type { Actor } from '../../engine/case.ts'
import type { CardRight, CaseRight, Definition, Process } from '../../engine/definition.ts'
import type { Caller, Person } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'

/** Stands in a person's roles for every role there is: the first person's, who has them all, new ones too. */
export const everyRole = '*'

export function rolesOf(person: Person, definition: Definition): readonly string[] {
  return person.roles.includes(everyRole) ? Object.keys(definition.roles) : person.roles
}

export function actorOf(by: Caller, definition: Definition): Actor {
  return by.kind === 'staff'
    ? { kind: 'staff', id: by.person.id, roles: rolesOf(by.person, definition) }
    : { kind: 'client' }
}

/** What a caller may do with a process's cases. */
export function caseRights(by: Caller, process: Process, definition: Definition): ReadonlySet<CaseRight> {
  const rights = new Set<CaseRight>()
  if (by.kind !== 'staff') return rights
  for (const role of rolesOf(by.person, definition)) for (const right of process.access[role] ?? []) rights.add(right)
  return rights
}

/** What a caller may do with clients' cards. */
export function cardRights(by: Caller, definition: Definition): ReadonlySet<CardRight> {
  const rights = new Set<CardRight>()
  if (by.kind !== 'staff') return rights
  for (const role of rolesOf(by.person, definition))
    for (const right of definition.roles[role]?.clients ?? []) rights.add(right)
  return rights
}

/** Refuses as if there were no such case: one who may not see it does not learn that it exists. */
export function noSuchCase(): Refusal {
  return new Refusal('not-found', 'there is no case with this id that you may see')
}

export function noSuchClient(): Refusal {
  return new Refusal('not-found', 'there is no client with this id that you may see')
}

/** Any right on a process lets a person see its cases; a client sees their own. */
export function mayRead(by: Caller, process: Process, definition: Definition, clientId: string | null): boolean {
  return by.kind === 'client' ? clientId === by.clientId : caseRights(by, process, definition).size > 0
}
