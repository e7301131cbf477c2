/** What is kept of a member of staff. A login is lower case. Without a password hash nobody signs in by password. */
export interface PersonRecord {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly passwordHash?: string
  readonly roles: readonly string[]
  readonly active: boolean
  readonly createdAt: Date
}

export type SessionKind = 'staff' | 'client'

/** A session as stored: the token itself is nowhere but with its bearer. */
export interface SessionRecord {
  readonly kind: SessionKind
  /** The person's or the client's id. */
  readonly subjectId: string
  readonly csrf: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** Tries to get in that failed, and when the last of them did. */
export interface Failures {
  readonly count: number
  readonly last: Date
}

/** Where people, sessions and portal codes are kept. Hashes are SHA-256, 32 bytes. */
export interface IdentityStore {
  personByLogin(login: string): Promise<PersonRecord | undefined>
  person(id: string): Promise<PersonRecord | undefined>
  people(): Promise<readonly PersonRecord[]>
  /** False where the login is taken. */
  addPerson(person: PersonRecord): Promise<boolean>
  setPassword(id: string, passwordHash: string): Promise<void>

  addSession(tokenHash: Buffer, session: SessionRecord): Promise<void>
  session(tokenHash: Buffer): Promise<SessionRecord | undefined>
  extendSession(tokenHash: Buffer, expiresAt: Date): Promise<void>
  endSession(tokenHash: Buffer): Promise<void>
  endSessionsOf(kind: SessionKind, subjectId: string): Promise<void>
  /** Clears away sessions and codes that ran out before `now`, and failures that count no more. */
  removeExpired(now: Date): Promise<void>

  addPortalCode(codeHash: Buffer, code: { readonly clientId: string; readonly expiresAt: Date }): Promise<void>
  /** Uses the code up: its client the first time, nothing once used or run out. Atomic. */
  usePortalCode(codeHash: Buffer, now: Date): Promise<string | undefined>
  removePortalCodesOf(clientId: string): Promise<void>

  /**
   * Changes the failures counted under these keys to what `change` makes of those kept; where it throws, nothing is changed.
   * Atomic: nobody on any node counts under one of the keys meanwhile.
   */
  changeFailures(
    keys: readonly string[],
    change: (kept: ReadonlyMap<string, Failures>) => readonly ({ readonly key: string } & Failures)[],
  ): Promise<void>
}
