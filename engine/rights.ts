import type { CaseRight, Process } from './definition.ts'
import { own } from './named.ts'

/** What people of these roles may do with cases of a process; nothing where none of them is named. */
export function rightsOf(process: Process, roles: readonly string[]): ReadonlySet<CaseRight> {
  return new Set(roles.flatMap((role) => own(process.access, role) ?? []))
}

/** Whether one of these roles holds a right. */
export function hasRight(process: Process, roles: readonly string[], right: CaseRight): boolean {
  return roles.some((role) => own(process.access, role)?.includes(right))
}

/** The roles that hold a right, in the order of writing. */
export function rolesWith(process: Process, right: CaseRight): readonly string[] {
  return Object.entries(process.access).flatMap(([role, rights]) => (rights.includes(right) ? [role] : []))
}
