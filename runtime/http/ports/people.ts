/** Someone who works here. */
export interface Person {
  readonly id: string
  readonly login: string
  /** A display name of the person's own choice, or the login. */
  readonly name: string
  readonly roles: readonly string[]
}

/** Who asks: a member of staff, or a client in the portal. */
export type Caller =
  | { readonly kind: 'staff'; readonly person: Person }
  | { readonly kind: 'client'; readonly clientId: string }

export interface Session {
  readonly person: Person
  /** Sent back with every change a page asks for. */
  readonly csrf: string
}

export interface Identity {
  /** A new session's token, or `Refusal` `wrong-credentials` / `too-many-tries`. `from` is the caller's address, for the limits. */
  signIn(login: string, password: string, from: string): Promise<{ token: string; session: Session }>
  /** By the cookie's token or an API bearer token. */
  session(token: string): Promise<Session | undefined>
  signOut(token: string): Promise<void>
}

/** Someone who works here, as others name them. */
export interface PersonRef {
  readonly id: string
  readonly name: string
}
