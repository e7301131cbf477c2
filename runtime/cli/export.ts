import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { erasuresAfter } from '../store/erasure.ts'
import { needed } from './needed.ts'
import { onPreparedDatabase } from './on-database.ts'
import { readArguments, short, UsageError } from './usage.ts'

export const help = `zgoda export erasures [--since TIME]

Writes the record of each erasure to the standard output, one line of JSON each, from the database in ZGODA_DATABASE_URL.
They hold no personal data. Keep them apart from the backups, so that \`zgoda restore --replay-erasures\` can erase again
whom a restored backup brings back. --since leaves out those before a time, such as 2026-11-24.

Exits with 0, or with 2 where it could not be done.`

const page = 1_000

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { since: { type: 'string' } }, 1)
  if (positionals[0] !== 'erasures') throw new UsageError('say what to write out: `zgoda export erasures`')
  const since = values.since === undefined ? null : timeIn(values.since)
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database whose erasures are written out')
  await onPreparedDatabase(url, createLog(config.logLevel), async ({ pool }) => {
    for (let after: string | null = null; ; ) {
      const records = await erasuresAfter(pool, { after, since, limit: page })
      process.stdout.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
      if (records.length < page) return
      after = records.at(-1)?.clientId ?? null
    }
  })
  return 0
}

function timeIn(text: string): string {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time.toISOString()
  throw new UsageError(`\`--since\` takes a time, such as 2026-11-24 or 2026-11-24T10:00:00Z, not \`${short(text)}\``)
}
