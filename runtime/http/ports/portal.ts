import type { Text } from '../../../engine/definition.ts'
import type { CaseView } from './cases.ts'
import type { Caller } from './people.ts'

/** The client's own pages. */
export interface Portal {
  /** The client a signed link in a letter speaks for, or `Refusal` `link-invalid`. */
  openLink(token: string): Promise<{ clientId: string }>
  /** A code handed over on paper; slowed after failures. */
  openCode(code: string, from: string): Promise<{ clientId: string }>
  issueCode(by: Caller, clientId: string): Promise<{ code: string; expiresAt: string }>
  session(token: string): Promise<{ clientId: string; csrf: string } | undefined>
  newSession(clientId: string): Promise<{ token: string; csrf: string }>
  endSession(token: string): Promise<void>
  /** A filled-in form: starts its case, or fills the client's case `caseId`. Answers are field values and `given`/`refused`. */
  submit(form: {
    name: string
    clientId?: string
    caseId?: string
    values: Readonly<Record<string, unknown>>
    consents: Readonly<Record<string, 'given' | 'refused'>>
    /** For purposes with explicit consent: what the client typed. */
    statements: Readonly<Record<string, string>>
    language: string
    key?: string
  }): Promise<{ clientId: string; case: CaseView }>
}

/** The signed link of a letter that withdraws the consent it rests on. Whoever holds it needs no session. */
export interface Unsubscribe {
  /** The purpose's title, and whether the consent stands. `Refusal` `not-found` where the link is none of ours. */
  read(token: string, from: string): Promise<{ title: Text; stands: boolean }>
  /** Withdraws; asked again, it answers alike. */
  withdraw(token: string, from: string): Promise<{ title: Text; stands: boolean }>
}
