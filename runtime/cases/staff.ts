import type { Definition, Process } from '../../engine/definition.ts'
import type { Person, PersonRef } from '../http/ports.ts'
import { isId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { mayRead } from './rights.ts'

/** What the cases need to know of the people who work here. */
export interface Staff {
  name(id: string): string
  /** Somebody who works here now, as of the last `refresh`. */
  active(id: string): Person | undefined
  everyone(): readonly Person[]
  refresh(): Promise<void>
}

/** Those who work here now and, where a process is named, may see its cases; in the order of their names. */
export async function peopleFor(staff: Staff, definition: Definition, process?: Process): Promise<PersonRef[]> {
  await staff.refresh()
  return staff
    .everyone()
    .filter((person) => !process || maySee(person, process, definition))
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

export function maySee(person: Person, process: Process, definition: Definition): boolean {
  return mayRead({ kind: 'staff', person }, process, definition, null)
}

/** Makes `staff` know of everybody whom these values could name. */
export async function learnOf(staff: Staff, values: Readonly<Record<string, unknown>>): Promise<void> {
  if (Object.values(values).some((value) => typeof value === 'string' && isId(value))) await staff.refresh()
}

/** Refuses a value of a field for people that is nobody's id. */
export function checkPeople(staff: Staff, { fields }: Process, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field?.type.kind !== 'person' || value === null || value === '') continue
    if (typeof value === 'string' && staff.active(value)) continue
    const because = `\`${name}\` takes the id of somebody who works here now: \`GET /api/v1/people\` lists them`
    throw new Refusal('invalid-value', because, { fields: [name] })
  }
}
