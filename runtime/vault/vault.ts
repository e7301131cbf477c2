import type { KeyObject } from 'node:crypto'
import type { Value } from '../../engine/case.ts'
import type { ConsentStatus, Definition } from '../../engine/definition.ts'
import { hasBasis } from '../../engine/reach.ts'
import { type ClientKey, ClientKeys, newClientKey } from './client-key.ts'
import type { MasterKey } from './master-key.ts'
import { open, seal } from './seal.ts'

/** A client whose key is at hand, and how their consents stand. */
export interface Holder {
  readonly clientId: string
  readonly key: KeyObject
  readonly consents: Readonly<Record<string, ConsentStatus>>
}

/** A value as it is stored. `caseId` is `card` for the client's card. */
export interface SealedValue {
  readonly caseId: string
  readonly field: string
  readonly purposes: readonly string[]
  readonly sealed: Buffer
}

/** Where values of the card itself are kept, which belong to no case. */
export const card = '00000000-0000-0000-0000-000000000000'

/** The holder of messages that belong to no known client. */
export const nobody = '00000000-0000-0000-0000-000000000000'

/** Thrown where data are asked for without a valid basis: a mistake in the caller, which has to ask first. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach'
}

/** The one place that turns sealed data into values, and back. */
export class Vault {
  readonly #keys: ClientKeys
  readonly master: MasterKey

  constructor(master: MasterKey) {
    this.master = master
    this.#keys = new ClientKeys(master)
  }

  newKey(clientId: string): ClientKey {
    return newClientKey(clientId, this.master)
  }

  holder(clientId: string, wrapped: Buffer, consents: Readonly<Record<string, ConsentStatus>>): Holder {
    return { clientId, key: this.#keys.unwrap(clientId, wrapped), consents }
  }

  /** A field's value, read for a purpose. Throws `OutOfReach` where the value is not held for it, or its basis does not stand. */
  read(holder: Holder, row: SealedValue, purpose: string, definition: Definition): Value {
    if (!row.purposes.includes(purpose)) {
      throw new OutOfReach(`\`${row.field}\` is not held for \`${purpose}\``)
    }
    if (!hasBasis(definition, purpose, holder.consents)) {
      throw new OutOfReach(`\`${row.field}\` can't be read for \`${purpose}\`: there is no valid consent`)
    }
    return this.#open(holder, row) as Value
  }

  /** A value of the contact card. */
  readCard(holder: Holder, row: SealedValue): string {
    if (row.caseId !== card) throw new OutOfReach(`\`${row.field}\` is no part of the card`)
    return this.#open(holder, row) as string
  }

  sealValue(holder: Holder, caseId: string, field: string, value: Value): Buffer {
    return seal(holder.key, Buffer.from(JSON.stringify(value)), valuePlace(holder.clientId, caseId, field))
  }

  /** Letters, messages and evidence: what is kept whole. `place` names the row it lies in. */
  sealRecord(holder: Holder, place: string, record: object): Buffer {
    return seal(holder.key, Buffer.from(JSON.stringify(record)), `${holder.clientId} ${place}`)
  }

  openRecord(holder: Holder, place: string, sealed: Buffer): unknown {
    return JSON.parse(open(holder.key, sealed, `${holder.clientId} ${place}`).toString())
  }

  /** Lets the key of a client who is erased go from memory. */
  forget(clientId: string): void {
    this.#keys.forget(clientId)
  }

  /** Lets every key go from memory: some of their clients may have been erased unheard. */
  forgetAll(): void {
    this.#keys.clear()
  }

  /** How many clients' keys are in memory now. */
  get remembered(): number {
    return this.#keys.size
  }

  #open(holder: Holder, row: SealedValue): unknown {
    return JSON.parse(open(holder.key, row.sealed, valuePlace(holder.clientId, row.caseId, row.field)).toString())
  }
}

function valuePlace(clientId: string, caseId: string, field: string): string {
  return `${clientId} ${caseId} ${field}`
}
