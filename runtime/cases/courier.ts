import type { Value, Values } from '../../engine/case.ts'
import type { Effect } from '../../engine/decision.ts'
import type { FieldType } from '../../engine/definition.ts'
import type { WriteSet } from '../store/write-set.ts'
import { withTrace } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'

type CallEffect = Extract<Effect, { type: 'call' }>

/** What a call says, as it lies in the vault until it was taken: the case as it was at the action. */
export interface KeptCall {
  readonly number: string
  readonly stage: string
  readonly at: string
  readonly fields: Readonly<Record<string, Value | null>>
}

export function callPlace(caseId: string, seq: number): string {
  return `call ${caseId} ${seq}`
}

export interface Courier {
  /** Adds a call to the write, sealed, with the job that makes it. The `last` of a client is sealed apart from the key that goes. */
  take(
    set: WriteSet,
    loaded: LoadedCase,
    effect: CallEffect,
    when: { readonly at: string; readonly last: boolean },
  ): void
}

/** `fallback` seals the calls of cases without a client. */
export function createCourier(vault: Vault, fallback: () => Holder): Courier {
  return {
    take(set, loaded, { webhook, fields, state, seq }, { at, last }) {
      const { row, running } = loaded
      const { caseId } = row
      const client_id = last ? null : (row.client?.clientId ?? null)
      const holder = (last ? undefined : loaded.holder) ?? fallback()
      const said = Object.fromEntries(
        fields.map((name) => [name, asSent(state.values, name, running.process.fields[name]?.type)]),
      )
      const kept: KeptCall = { number: state.number, stage: state.stage, at, fields: said }
      set.calls.push({ case_id: caseId, seq, webhook, client_id, at })
      const sealed = vault.sealRecord(holder, callPlace(caseId, seq), kept).toString('base64')
      set.sealedCalls.push({ case_id: caseId, seq, client_id, sealed })
      set.jobs.push({
        case_id: caseId,
        identifier: 'call',
        payload: withTrace({ caseId, seq }),
        run_at: null,
        job_key: callPlace(caseId, seq),
        webhook,
      })
    },
  }
}

/** Money as text with two decimals, as the API has it; `null` where there is no value. */
function asSent(values: Values, name: string, type: FieldType | undefined): Value | null {
  const value = values[name]
  return type?.kind === 'money' && typeof value === 'number' ? value.toFixed(2) : (value ?? null)
}
