import type { Page } from './page.ts'
import type { Caller } from './people.ts'

/** Work that failed for good and waits for a person. */
export interface IncidentView {
  readonly id: string
  /** What failed: `letter`, `call`, `timer`, `message`, … */
  readonly kind: string
  readonly at: string
  readonly because: string
  readonly tries: number
  readonly state: 'open' | 'retried' | 'skipped'
  readonly case?: { readonly id: string; readonly number: string; readonly process: string }
  readonly closedAt?: string
  readonly closedBy?: string
  /** Why it was skipped. */
  readonly closedBecause?: string
  /** Whether the caller may have it tried again, or leave it. */
  readonly mayAct: boolean
}

export interface Incidents {
  /** Newest first, of the processes that the caller has any right on. */
  list(
    by: Caller,
    filter: { state?: 'open' | 'closed'; caseId?: string },
    page: { after?: string; limit?: number },
  ): Promise<Page<IncidentView>>
  /** Puts the work back; asked again, it answers alike. */
  retry(by: Caller, id: string): Promise<IncidentView>
  /** Leaves the work undone, for a reason that is kept with who and when. */
  skip(by: Caller, id: string, because: string): Promise<IncidentView>
}
