import type { Page } from './page.ts'
import type { Caller } from './people.ts'

/** That what would have to be erased stays, and why. */
export interface HoldView {
  readonly id: string
  readonly at: string
  readonly by: string
  readonly until: string
  readonly because: string
  readonly stands: boolean
  /** Where it is about one case alone. */
  readonly case?: string
  readonly lifted?: { readonly at: string; readonly by: string }
}

export interface Holds {
  /** Newest first, those that have ended too. */
  list(by: Caller, clientId: string): Promise<readonly HoldView[]>
  place(
    by: Caller,
    clientId: string,
    hold: { readonly because: string; readonly until: string; readonly case?: string },
  ): Promise<HoldView>
  lift(by: Caller, clientId: string, holdId: string): Promise<void>
}

/** A case of which something goes by itself. */
export interface GoesView {
  readonly case: string
  readonly number: string
  readonly process: string
  readonly due: string
  /** Fields whose values go. */
  readonly fields: readonly string[]
  /** Fields that stay, for fewer purposes. */
  readonly fewer: readonly string[]
  /** Whether the words of letters, documents and messages go too. */
  readonly letters: boolean
  readonly heldUntil?: string
}

/** What went of a case by itself. */
export interface WentView {
  readonly at: string
  readonly case: string
  readonly number: string
  readonly process: string
  readonly fields: readonly string[]
  /** How many letters, documents and messages. */
  readonly kept: Readonly<Record<string, number>>
}

export interface Retention {
  /** Whether there is anything to look for there for this caller. */
  visibleTo(by: Caller): boolean
  goes(by: Caller, days: number): Promise<{ readonly items: readonly GoesView[]; readonly more: boolean }>
  went(by: Caller, page: { after?: string; limit?: number }): Promise<Page<WentView>>
}
