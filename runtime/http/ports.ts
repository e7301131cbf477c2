import type { Bulk } from './ports/bulk.ts'
import type { Cases } from './ports/cases.ts'
import type { Clients } from './ports/clients.ts'
import type { Deployment } from './ports/deployment.ts'
import type { Hooks } from './ports/hooks.ts'
import type { Incidents } from './ports/incidents.ts'
import type { Changes, Notifications } from './ports/notices.ts'
import type { Identity } from './ports/people.ts'
import type { Portal, Unsubscribe } from './ports/portal.ts'
import type { Holds, Retention } from './ports/retention.ts'
import type { Health, Metrics } from './ports/running.ts'
import type { Workspace } from './ports/workspace.ts'
import type { Inbox, Writing } from './ports/writing.ts'

export type * from './ports/bulk.ts'
export type * from './ports/cases.ts'
export type * from './ports/clients.ts'
export type * from './ports/deployment.ts'
export type * from './ports/hooks.ts'
export type * from './ports/incidents.ts'
export * from './ports/letters.ts'
export type * from './ports/notices.ts'
export type * from './ports/page.ts'
export type * from './ports/people.ts'
export type * from './ports/portal.ts'
export type * from './ports/retention.ts'
export type * from './ports/running.ts'
export type * from './ports/workspace.ts'
export type * from './ports/writing.ts'

/**
 * What the pages and the API need of the rest of the server. They reach cases, clients and people through these alone,
 * never through the store. Every call obeys the caller's rights and throws `Refusal` where they do not reach:
 * what a person may not see is `not-found`.
 */
export interface Ports {
  readonly identity: Identity
  readonly workspace: Workspace
  readonly deployment: Deployment
  readonly cases: Cases
  readonly bulk: Bulk
  readonly clients: Clients
  readonly holds: Holds
  readonly retention: Retention
  readonly portal: Portal
  readonly unsubscribe: Unsubscribe
  readonly notifications: Notifications
  readonly inbox: Inbox
  readonly writing: Writing
  readonly incidents: Incidents
  readonly hooks: Hooks
  readonly changes: Changes
  readonly health: Health
  readonly metrics?: Metrics
}
