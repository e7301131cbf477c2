import type { Effect } from '../../engine/decision.ts'
import type { RunningProcess } from './versions.ts'

type Notify = Extract<Effect, { type: 'notify' }>

/** Whom a notice is for, as keys that a person's own are compared with: `everyone`, `role:NAME`, `person:ID`. */
export function audienceOf(to: Notify['to'], { process }: RunningProcess, assignee: string | null): string[] {
  switch (to.kind) {
    case 'everyone':
      return ['everyone']
    case 'role':
      return [`role:${to.role}`]
    case 'assignee':
      return assignee ? [`person:${assignee}`] : movers(process.access)
    case 'movers':
      return movers(process.access)
  }
}

function movers(access: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(access)
    .filter(([, rights]) => rights.includes('move'))
    .map(([role]) => `role:${role}`)
}

/** The keys of one person. */
export function audienceKeys(personId: string, roles: readonly string[]): string[] {
  return ['everyone', `person:${personId}`, ...roles.map((role) => `role:${role}`)]
}
