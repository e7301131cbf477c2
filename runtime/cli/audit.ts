import { type KnownHead, type Verified, verifyAudit } from '../audit/verify.ts'
import { readConfig } from '../config.ts'
import { checkMasterKey, openKeyring } from '../keyring.ts'
import { createLog } from '../log.ts'
import { needed } from './needed.ts'
import { onPreparedDatabase } from './on-database.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'

export const help = `zgoda audit verify [--head SEQ:HASH] [--format text|json]

Every move, consent, erasure, apply and look at a client's data is an entry of one chain, or has its digest in one. This
goes through all of it and says what was changed, taken away or put in past the server. It changes nothing, and may run
beside the server. At the end it prints the head of the chain: keep it outside of the database, and give the one you kept
as --head, so that entries cut off at the end are missed too. What happened in the last second may still wait for its entry.
Settings: ZGODA_DATABASE_URL, ZGODA_MASTER_KEY or ZGODA_MASTER_KEY_FILE.

Exits with 0 where all of it stands, 1 where something does not, 2 where it could not run.`

export async function run([what, ...args]: readonly string[]): Promise<number> {
  if (what !== 'verify')
    throw new UsageError(`audit what? \`zgoda audit verify\`${what ? suggestion(what, ['verify']) : ''}`)
  const options = { head: { type: 'string' }, format: { type: 'string', default: 'text' } } as const
  const { values } = readArguments(args, options, 0)
  const format = oneOf('format', values.format, ['text', 'json'])
  const known = values.head === undefined ? undefined : headIn(values.head)
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database whose audit trail is verified')
  const key = needed(config.masterKey, 'ZGODA_MASTER_KEY', 'the key that the trail was chained under')
  const verified = await onPreparedDatabase(url, createLog(config.logLevel), async (db) => {
    await checkMasterKey(db.pool, key)
    return verifyAudit(db, await openKeyring(db.pool, key), known, progress)
  })
  process.stdout.write(format === 'json' ? `${JSON.stringify(verified)}\n` : inWords(verified))
  return verified.broken.length > 0 ? 1 : 0
}

function headIn(text: string): KnownHead {
  const [, seq, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  if (seq && hash) return { seq, hash }
  throw new UsageError(`\`--head\` takes what this command printed before, SEQ:HASH, not \`${short(text)}\``)
}

function inWords({ entries, rows, waiting, head, broken }: Verified): string {
  const sum = `${entries} entries, ${rows} rows of history and consents by their digests; ${waiting} wait for an entry.\n`
  const last = head === undefined ? '' : `Head: ${head}\n`
  if (broken.length === 0) return `${sum}All of it stands.\n${last}`
  return `${sum}${broken.map((one) => `BROKEN: ${one}\n`).join('')}${last}`
}

/** Only where somebody watches. */
function progress(entries: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${entries} entries`)
}
