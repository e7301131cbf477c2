import type { CaseState, ClientState, Value } from '../../engine/case.ts'
import type { ConsentStatus, Definition, Process } from '../../engine/definition.ts'
import { hasBasis } from '../../engine/reach.ts'
import { standing } from '../consent/standing.ts'
import type { CaseRow, ClientRow } from '../store/cases.ts'
import { card, type Holder, type SealedValue, type Vault } from '../vault/vault.ts'
import type { RunningProcess } from './versions.ts'

/** A case with its values in hand, as far as a valid basis reaches. */
export interface LoadedCase {
  readonly row: CaseRow
  readonly running: RunningProcess
  readonly state: CaseState
  /** Undefined for a case without a client, and once the client is erased. */
  readonly holder: Holder | undefined
}

/** How the consents of a client stand by a definition, by purpose. */
export function consentStatuses(
  client: ClientRow | null,
  definition: Definition,
): Readonly<Record<string, ConsentStatus>> {
  const statuses: Record<string, ConsentStatus> = {}
  for (const [purpose, summary] of Object.entries(client?.consents ?? {}))
    statuses[purpose] = standing(definition, purpose, summary)
  return statuses
}

/** A client whose key is at hand; without a definition only what needs no consent can be opened. */
export function holderOf(client: ClientRow | null, vault: Vault, definition?: Definition): Holder | undefined {
  if (!client?.wrapped) return undefined
  return vault.holder(client.clientId, client.wrapped, definition ? consentStatuses(client, definition) : {})
}

/** Opens what a case holds: every value through the vault, for a purpose whose basis stands, and no other. */
export function assemble(row: CaseRow, running: RunningProcess, vault: Vault): LoadedCase {
  const holder = holderOf(row.client, vault, running.definition)
  const values: Record<string, Value> = { ...row.state.values }
  if (holder) readValues(values, row.sealed, holder, running, vault)
  const state: CaseState = {
    id: row.caseId,
    number: String(row.number),
    createdAt: row.createdAt,
    stage: row.stage,
    enteredAt: row.enteredAt,
    visited: row.state.visited,
    ended: row.ended,
    ...(row.assignee ? { assignee: row.assignee } : {}),
    values,
    timers: row.state.timers,
    fired: row.state.fired,
    seq: row.seq,
    client: clientState(row.client, row.sealed, holder, vault, running.definition),
  }
  return { row, running, state, holder }
}

/** The client as a case knows them: consents, and what stands on the card. */
export function clientState(
  client: ClientRow | null,
  sealed: readonly SealedValue[],
  holder: Holder | undefined,
  vault: Vault,
  definition: Definition,
): ClientState {
  const onCard: { name?: string; email?: string; phone?: string } = {}
  if (holder) {
    for (const row of sealed) {
      if (row.caseId !== card) continue
      if (row.field === 'name' || row.field === 'email' || row.field === 'phone')
        onCard[row.field] = vault.readCard(holder, row)
    }
  }
  return { ...onCard, consents: consentStatuses(client, definition) }
}

function readValues(
  values: Record<string, Value>,
  sealed: readonly SealedValue[],
  holder: Holder,
  { definition, process }: RunningProcess,
  vault: Vault,
): void {
  for (const row of sealed) {
    if (row.caseId === card) continue
    const purpose = standingPurpose(definition, process, row, holder)
    if (purpose) values[row.field] = vault.read(holder, row, purpose, definition)
  }
}

function standingPurpose(definition: Definition, process: Process, row: SealedValue, holder: Holder) {
  const names = process.fields[row.field]?.personal ?? []
  return names.filter((name) => row.purposes.includes(name)).find((name) => hasBasis(definition, name, holder.consents))
}
