import type { Text } from '../../../engine/definition.ts'
import type { Page } from './page.ts'
import type { Caller } from './people.ts'

export interface Notification {
  readonly id: string
  readonly at: string
  readonly text: Text
  readonly caseId?: string
  readonly caseNumber?: string
  readonly process?: string
  readonly read: boolean
}

export interface Notifications {
  list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<Notification>>
  markRead(by: Caller, id: string): Promise<void>
  unread(by: Caller): Promise<number>
}

/** What has just changed, for pages that stay open. Carries no values. */
export interface Change {
  readonly caseId?: string
  readonly process?: string
  readonly notification?: boolean
  /** Something may have gone unheard: whatever is shown is to be loaded anew. */
  readonly reload?: boolean
}

export interface Changes {
  /** Those the caller may see; the returned function ends it. */
  subscribe(by: Caller, listener: (change: Change) => void): () => void
}
