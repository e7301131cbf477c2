import { hash, randomInt } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Caller, Portal } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import type { IdentityStore } from './identity-store.ts'
import { Limits, limitsOfCode } from './limits.ts'
import { readPortalLink } from './portal-link.ts'
import { Sessions } from './sessions.ts'

const hour = 60 * 60_000
const clientLifetimes = { idle: 2 * hour, whole: 24 * hour }
const codeLifetime = 30 * 24 * hour

/** No letters or digits that look alike on paper. Twelve of thirty: 58 bits of chance. */
const codeAlphabet = '23456789abcdefghjkmnpqrstvwxyz'
const codeLength = 12

export interface PortalDependencies {
  readonly store: IdentityStore
  readonly clock: Clock
  /** Signs the links in letters. */
  readonly linkKey: Uint8Array
  readonly linkKeyVersion?: number
  /** False once the client is erased. */
  readonly clientExists: (clientId: string) => Promise<boolean>
  /** Throws `Refusal` where this caller may not hand over a code for this client. */
  readonly mayIssueCode: (by: Caller, clientId: string) => Promise<void>
}

/** How clients come into their portal: by a signed link in a letter, or by a code handed over on paper. */
export class PortalSessions implements Omit<Portal, 'submit'> {
  readonly #needs: PortalDependencies
  readonly #sessions: Sessions
  readonly #limits: Limits
  readonly #now: () => Date

  constructor(needs: PortalDependencies) {
    this.#needs = needs
    this.#now = () => new Date(needs.clock.now())
    this.#sessions = new Sessions(needs.store, 'client', clientLifetimes, this.#now)
    this.#limits = new Limits(needs.store, this.#now)
  }

  async openLink(token: string): Promise<{ clientId: string }> {
    const clientId = readPortalLink(token, this.#needs.linkKey, this.#needs.linkKeyVersion)
    if (!clientId || !(await this.#needs.clientExists(clientId))) {
      throw new Refusal(
        'link-invalid',
        'This link does not open anything any more. Use the link in your newest letter, or ask us for a code.',
      )
    }
    return { clientId }
  }

  async openCode(code: string, from: string): Promise<{ clientId: string }> {
    const counts = limitsOfCode(from)
    await this.#limits.tried(counts)
    const clientId = await this.#needs.store.usePortalCode(codeHash(code), this.#now())
    if (!clientId || !(await this.#needs.clientExists(clientId))) {
      throw new Refusal(
        'wrong-credentials',
        'This code is not right, was used before, or is too old. Check it, or ask us for a new one.',
      )
    }
    await this.#limits.succeeded(counts)
    return { clientId }
  }

  async issueCode(by: Caller, clientId: string): Promise<{ code: string; expiresAt: string }> {
    await this.#needs.mayIssueCode(by, clientId)
    const letters = Array.from({ length: codeLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('')
    const code = (letters.match(/.{4}/g) ?? []).join('-')
    const expiresAt = new Date(this.#now().getTime() + codeLifetime)
    await this.#needs.store.removePortalCodesOf(clientId)
    await this.#needs.store.addPortalCode(codeHash(code), { clientId, expiresAt })
    return { code, expiresAt: expiresAt.toISOString() }
  }

  async session(token: string): Promise<{ clientId: string; csrf: string } | undefined> {
    const record = await this.#sessions.read(token)
    return record && { clientId: record.subjectId, csrf: record.csrf }
  }

  newSession(clientId: string): Promise<{ token: string; csrf: string }> {
    return this.#sessions.start(clientId)
  }

  endSession(token: string): Promise<void> {
    return this.#sessions.end(token)
  }

  /** Reads anew who is signed in: another node has changed it. */
  forgetRead(): void {
    this.#sessions.forgetRead()
  }

  /** Ends every session and code of a client who is erased. */
  async forget(clientId: string): Promise<void> {
    await this.#sessions.endAllOf(clientId)
    await this.#needs.store.removePortalCodesOf(clientId)
  }
}

/** As people type it: any case, with or without dashes and spaces. */
function codeHash(code: string): Buffer {
  const plain = code
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
  return hash('sha256', `portal code\n${plain}`, 'buffer')
}
