import { own } from '../../engine/named.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import type { ClientRoad } from '../cases/client-road.ts'
import type { Versions } from '../cases/versions.ts'
import type { Unsubscribe } from '../http/ports.ts'
import type { Limits } from '../identity/limits.ts'
import { limitsOfLink } from '../identity/limits.ts'
import { readUnsubscribeLink, type Unsubscribing } from '../identity/unsubscribe-link.ts'
import { letterReference, messageId } from '../mail/reference.ts'
import { Refusal } from '../refusal.ts'
import type { ClientRow } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter } from '../store/correspondence.ts'
import { answered, type Database } from '../store/database.ts'
import type { Vault } from '../vault/vault.ts'

export interface UnsubscribeParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: ClientRoad
  readonly limits: Limits
  readonly mailbox: string
}

/** The link at the end of a letter that withdraws the consent it rests on: signed, so that it needs no session (RFC 8058). */
export function createUnsubscribe(parts: UnsubscribeParts): Unsubscribe {
  return {
    async read(token, from) {
      const { client, claim, title } = await opened(token, from, parts)
      return { title, stands: isGiven(client, claim.purpose) }
    },
    async withdraw(token, from) {
      const { client, claim, title } = await opened(token, from, parts)
      if (isGiven(client, claim.purpose)) await withdrawn(claim, parts)
      return { title, stands: false }
    },
  }
}

async function withdrawn(claim: Unsubscribing, { db, vault, road, mailbox }: UnsubscribeParts): Promise<void> {
  const { clientId, caseId, seq, purpose } = claim
  const letter = await answered(loadLetter(db.pool, caseId, seq))
  const reference = letterReference({ caseId, seq }, vault.master.letters)
  const channel = 'unsubscribe'
  const evidence = {
    channel,
    letter: letter?.letter ?? null,
    letterSeq: seq,
    messageId: messageId(reference, mailbox.slice(mailbox.lastIndexOf('@') + 1)),
  }
  const what = { purpose, decision: 'withdrawn', by: { kind: 'client' }, channel, evidence, caseId } as const
  await answered(road.decide(clientId, what)).catch((error: unknown) => {
    throw error instanceof Refusal && error.code === 'client-erased' ? nothingHere() : error
  })
}

/**
 * What a link speaks for. One that was made up, or whose client or purpose is no more, is not told from an address where nothing is;
 * who tries many of them has to wait.
 */
async function opened(token: string, from: string, { db, vault, versions, limits }: UnsubscribeParts) {
  const claim = readUnsubscribeLink(token, vault.master.links)
  const client = claim && (await answered(loadClient(db.pool, claim.clientId)))
  const purpose = claim && own(versions.definition().purposes, claim.purpose)
  if (claim && client && !client.erasedAt && purpose && restsOnConsent(purpose)) {
    return { claim, client, title: purpose.title }
  }
  await limits.tried(limitsOfLink(from))
  throw nothingHere()
}

function nothingHere(): Refusal {
  return new Refusal('not-found', 'There is nothing at this address.')
}

/** A yes to an earlier version of the purpose is one that can be withdrawn, too. */
function isGiven({ consents }: ClientRow, purpose: string): boolean {
  return own(consents, purpose)?.status === 'given'
}
