import type { CaseState } from '../../engine/case.ts'
import { type Card, type CardValue, sealCard } from '../clients/card.ts'
import type { Clock } from '../clock.ts'
import type { ConsentDecision } from '../consent/record.ts'
import { isId, newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import type { CaseRow, ClientRow, ParentLink } from '../store/cases.ts'
import { cardValues, loadClient } from '../store/clients.ts'
import type { Database } from '../store/database.ts'
import { card as cardPlace, type SealedValue, type Vault } from '../vault/vault.ts'
import { clientState, holderOf, type LoadedCase } from './assemble.ts'
import type { FreshCase } from './draft.ts'
import type { Numbers } from './numbers.ts'
import { pseudonymOf } from './pseudonym.ts'
import { noSuchClient } from './rights.ts'
import type { CurrentProcess } from './versions.ts'

export interface FreshParts {
  readonly db: Database
  readonly vault: Vault
  readonly numbers: Numbers
  readonly clock: Clock
}

/** What a new case is to be. */
export interface FreshWish {
  /** Absent: one is made where the process concerns people, or where there is a card or a decision to keep. */
  readonly client?: string | undefined
  /** Of a new client. */
  readonly card?: Card
  readonly decided?: readonly ConsentDecision[]
  readonly language?: string | undefined
  /** Where the id is settled already. */
  readonly caseId?: string
  /** Absent: the next one. */
  readonly number?: number
  readonly parent?: ParentLink
}

/** A case that is not stored yet, as the road takes it. Throws `Refusal` where there is no such client. */
export async function freshCase(
  { numbers, clock, vault, db }: FreshParts,
  current: CurrentProcess,
  wish: FreshWish,
): Promise<{ loaded: LoadedCase } & FreshCase> {
  const { language = 'en', caseId = newId(), parent } = wish
  const now = clock.now()
  const number = wish.number ?? (await numbers.next(current.process.name))
  const found = wish.client === undefined ? undefined : await knownClient(db, wish.client)
  const made = found || !needsClient(current, wish) ? undefined : newClient(vault, now, language)
  const client = found ?? made?.client ?? null
  const holder = holderOf(client, vault, current.definition)
  const onCard = made && holder ? sealCard(wish.card ?? {}, holder, vault) : []
  const sealed = found ? ((await cardValues(db.pool, [found.clientId])).get(found.clientId) ?? []) : asSealed(onCard)
  const firstStage = Object.keys(current.process.stages)[0] as string
  const state: CaseState = {
    id: caseId,
    number: String(number),
    createdAt: now,
    stage: firstStage,
    enteredAt: now,
    visited: [],
    ended: 'no',
    values: {},
    timers: {},
    fired: [],
    seq: 0,
    client: clientState(client, sealed, holder, vault, current.definition),
  }
  const row: CaseRow = {
    caseId,
    number,
    process: current.process.name,
    version: current.version,
    definitionHash: current.definitionHash,
    stage: firstStage,
    seq: 0,
    createdAt: now,
    enteredAt: now,
    ended: 'no',
    assignee: null,
    state: { values: {}, visited: [], timers: {}, fired: [] },
    parent: parent ?? null,
    children: [],
    heldUntil: null,
    client,
    sealed,
  }
  return {
    loaded: { row, running: current, state, holder },
    consentSeq: found ? found.consentSeq : null,
    ...(made ? { newClient: { wrapped: made.wrapped, pseudonym: made.client.pseudonym, language, card: onCard } } : {}),
  }
}

async function knownClient(db: Database, id: string): Promise<ClientRow> {
  const client = isId(id) ? await loadClient(db.pool, id) : undefined
  if (!client) throw noSuchClient()
  if (client.erasedAt) throw new Refusal('client-erased', 'this client was erased; start the case with a new client')
  return client
}

function newClient(vault: Vault, now: string, language: string): { client: ClientRow; wrapped: Buffer } {
  const clientId = newId()
  const { wrapped } = vault.newKey(clientId)
  const client: ClientRow = {
    clientId,
    pseudonym: pseudonymOf(clientId),
    language,
    consents: {},
    consentSeq: 0,
    createdAt: now,
    erasedAt: null,
    wrapped,
  }
  return { client, wrapped }
}

/** A new card as it would come out of the store. */
function asSealed(values: readonly CardValue[]): SealedValue[] {
  return values.flatMap(({ field, kept }) =>
    kept ? [{ caseId: cardPlace, field, purposes: [], sealed: kept.sealed }] : [],
  )
}

function needsClient(current: CurrentProcess, { card, decided }: FreshWish): boolean {
  return card !== undefined || decided !== undefined || concernsPeople(current)
}

/** Whether a case of this process is about someone: it holds personal data or writes to a client. */
function concernsPeople({ process }: CurrentProcess): boolean {
  if (process.portal || Object.values(process.fields).some((field) => field.personal.length > 0)) return true
  const actions = Object.values(process.stages).flatMap((stage) => [
    ...stage.enter,
    ...stage.leave,
    ...stage.rules.flatMap((rule) => rule.actions),
  ])
  return actions.some(
    (action) => action.kind === 'erase client' || (action.kind === 'send' && action.to.kind === 'client'),
  )
}
