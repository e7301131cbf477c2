import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { OperatorError } from '../operator-error.ts'
import { open, seal } from './seal.ts'

/** What the server works with, each for one use, so that none serves two. */
export interface MasterKey {
  /** Seals the secrets that are kept in the database. */
  readonly keyring: KeyObject
  /** Wraps clients' keys. */
  readonly wrapping: KeyObject
  /** Signs letters' references. */
  readonly letters: Buffer
  /** Seals the secrets of hooks. */
  readonly hooks: KeyObject
  /** Signs links to the portal. */
  readonly links: Buffer
  /** Chains the audit trail. */
  readonly audit: KeyObject
  /** Tells this key from every other, and nothing about it. */
  readonly check: Buffer
  /** The keyed hash by which a value is found again; equal values of one kind hash alike. */
  lookup(kind: string, normalised: string): Buffer
}

/** The secrets that outlive a master key: kept in the database, sealed under it. 32 bytes each. */
export interface Secrets {
  readonly wrapping: Buffer
  readonly letters: Buffer
  readonly links: Buffer
  readonly lookup: Buffer
}

const names = ['wrapping', 'letters', 'links', 'lookup'] as const
const place = 'keyring'
const length = 32

/**
 * Reads a master key: 32 bytes in hexadecimal or base64. Throws a sentence for the operator. As it is, it works with secrets
 * derived from it (RFC 5869); `withSecrets` gives it those of a database.
 */
export function masterKey(text: string): MasterKey {
  const bytes = bytesOf(text)
  return uses(createSecretKey(derived(bytes, 'keyring')), derived(bytes, 'check'), secretsFrom(bytes))
}

/** The secrets derived from a master key: those of a database from before there was a keyring. */
export function derivedSecrets(text: string): Secrets {
  return secretsFrom(bytesOf(text))
}

/** Secrets that follow from no master key. */
export function newSecrets(): Secrets {
  const fresh = () => randomBytes(length)
  return { wrapping: fresh(), letters: fresh(), links: fresh(), lookup: fresh() }
}

/** The same master key, working with these secrets. */
export function withSecrets({ keyring, check }: MasterKey, secrets: Secrets): MasterKey {
  return uses(keyring, check, secrets)
}

export function sealSecrets({ keyring }: MasterKey, secrets: Secrets): Buffer {
  return seal(keyring, Buffer.concat(names.map((name) => secrets[name])), place)
}

/** Throws where they were sealed under another master key. */
export function openSecrets({ keyring }: MasterKey, sealed: Buffer): Secrets {
  const bytes = open(keyring, sealed, place)
  const [wrapping, letters, links, lookup] = names.map((_, at) => bytes.subarray(at * length, (at + 1) * length))
  return { wrapping, letters, links, lookup } as Secrets
}

function bytesOf(text: string): Buffer {
  const bytes = /^[0-9a-f]{64}$/i.test(text.trim())
    ? Buffer.from(text.trim(), 'hex')
    : Buffer.from(text.trim(), 'base64')
  if (bytes.length === length) return bytes
  throw new OperatorError(
    'ZGODA_MASTER_KEY must be 32 bytes, as 64 hexadecimal digits or in base64; `openssl rand -hex 32` makes one',
  )
}

function derived(bytes: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `zgoda ${use}`, length))
}

function secretsFrom(bytes: Buffer): Secrets {
  const of = (use: string) => derived(bytes, use)
  return { wrapping: of('wrapping'), letters: of('letters'), links: of('links'), lookup: of('lookup') }
}

function uses(keyring: KeyObject, check: Buffer, { wrapping, letters, links, lookup }: Secrets): MasterKey {
  return {
    keyring,
    check,
    wrapping: createSecretKey(wrapping),
    letters,
    links,
    // These came after the keyring: they follow from the secret that wraps keys, so that they outlive a master key as that does.
    hooks: createSecretKey(derived(wrapping, 'hooks')),
    audit: createSecretKey(derived(wrapping, 'audit')),
    lookup: (kind, normalised) => createHmac('sha256', lookup).update(`${kind}\0${normalised}`).digest(),
  }
}
