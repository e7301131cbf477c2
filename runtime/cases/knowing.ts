import { own } from '../../engine/named.ts'
import type { ConsentDecision } from '../consent/record.ts'
import type { ClientRow, ConsentSummary } from '../store/cases.ts'
import { consentStatuses, type LoadedCase } from './assemble.ts'

/** A case as it is once its client has decided so: what rests on a consent is in reach, or is no longer. */
export function knowing(loaded: LoadedCase, decided: readonly ConsentDecision[], at: string): LoadedCase {
  const { definition } = loaded.running
  const client: ClientRow | null = loaded.row.client && {
    ...loaded.row.client,
    consents: { ...loaded.row.client.consents, ...Object.fromEntries(decided.map(summary)) },
  }
  const consents = consentStatuses(client, definition)
  return {
    ...loaded,
    row: { ...loaded.row, client },
    state: { ...loaded.state, client: { ...loaded.state.client, consents } },
    holder: loaded.holder && { ...loaded.holder, consents },
  }

  function summary({ purpose, decision, channel }: ConsentDecision): [string, ConsentSummary] {
    const version = own(definition.purposes, purpose)?.version ?? 1
    return [purpose, { status: decision, at, version, channel }]
  }
}
