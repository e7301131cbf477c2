import type { Incoming } from './parse.ts'

/** Whether the message comes from the domain that its From names (DKIM or SPF, aligned), and what shows it. */
export interface Authentication {
  readonly passes: boolean
  /** For a clerk: `DKIM of example.org passes`, `no signature of example.org`, … */
  readonly because: string
}

/** A DNS look-up; answers as `dns/promises.resolve` does, `ENOTFOUND` and `ENODATA` as error codes. */
export type Resolver = (name: string, type: string) => Promise<unknown>

export interface AuthenticateOptions {
  /** The authserv-id (RFC 8601 §2.5) of the server whose word counts. Without one, DKIM and SPF are checked here. */
  readonly trustedAuthserv?: string
  readonly resolver?: Resolver
}

/** Never throws; what can't be checked does not pass. */
export async function authenticate(
  _raw: Buffer,
  _incoming: Incoming,
  _options: AuthenticateOptions = {},
): Promise<Authentication> {
  return { passes: false, because: 'not written yet' }
}
