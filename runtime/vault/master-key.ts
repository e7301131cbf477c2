import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { OperatorError } from '../operator-error.ts'

/** Keys for each use, derived from the master key (RFC 5869), so that none serves two. */
export interface MasterKey {
  /** Wraps clients' keys. */
  readonly wrapping: KeyObject
  /** Signs letters' references. */
  readonly letters: Buffer
  /** Seals the secrets of hooks. */
  readonly hooks: KeyObject
  /** Signs links to the portal. */
  readonly links: Buffer
  /** Tells this key from every other, and nothing about it. */
  readonly check: Buffer
  /** The keyed hash by which a value is found again; equal values of one kind hash alike. */
  lookup(kind: string, normalised: string): Buffer
}

/** Reads a master key: 32 bytes in hexadecimal or base64. Throws a sentence for the operator. */
export function masterKey(text: string): MasterKey {
  const bytes = /^[0-9a-f]{64}$/i.test(text.trim())
    ? Buffer.from(text.trim(), 'hex')
    : Buffer.from(text.trim(), 'base64')
  if (bytes.length !== 32) {
    throw new OperatorError(
      'ZGODA_MASTER_KEY must be 32 bytes, as 64 hexadecimal digits or in base64; `openssl rand -hex 32` makes one',
    )
  }
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `zgoda ${use}`, 32))
  const hashing = derive('lookup')
  return {
    wrapping: createSecretKey(derive('wrapping')),
    hooks: createSecretKey(derive('hooks')),
    letters: derive('letters'),
    links: derive('links'),
    check: derive('check'),
    lookup: (kind, normalised) => createHmac('sha256', hashing).update(`${kind}\0${normalised}`).digest(),
  }
}
