import type pg from 'pg'
import { OperatorError } from './operator-error.ts'
import { hasKeys, keepKeyring, loadKeyring } from './store/keyring.ts'
import { loadMasterCheck } from './store/keys.ts'
import {
  derivedSecrets,
  type MasterKey,
  masterKey,
  newSecrets,
  openSecrets,
  sealSecrets,
  withSecrets,
} from './vault/master-key.ts'

type Db = pg.Pool | pg.ClientBase

/** Under another master key nothing that clients have entrusted could be read. Changes nothing; throws for the operator. */
export async function checkMasterKey(db: Db, text: string): Promise<void> {
  const { check } = masterKey(text)
  const ring = await loadKeyring(db)
  if (ring?.next) {
    throw new OperatorError(
      'the master key of this database is being changed: run `zgoda key rotate` to its end, with both keys, before a server starts',
    )
  }
  const made = await loadMasterCheck(db)
  if (!made || made.equals(check)) return
  throw new OperatorError(
    'ZGODA_MASTER_KEY is not the key that this database was made with: give that one, or name the database that belongs to this key',
  )
}

/**
 * The master key with the secrets of its database, which the first start makes. A database from before secrets were kept
 * goes on with those it has, which are derived from its master key.
 */
export async function openKeyring(db: Db, text: string): Promise<MasterKey> {
  const master = masterKey(text)
  if (!(await loadKeyring(db))) {
    const secrets = (await hasKeys(db)) ? derivedSecrets(text) : newSecrets()
    await keepKeyring(db, sealSecrets(master, secrets))
  }
  // Another node may have been first.
  const ring = await loadKeyring(db)
  if (!ring) throw new Error('the keyring was not kept')
  return withSecrets(master, openSecrets(master, ring.sealed))
}
