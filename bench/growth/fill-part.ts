import { workerData } from 'node:worker_threads'
import pg from 'pg'
import { openKeyring } from '../../runtime/keyring.ts'
import { Vault } from '../../runtime/vault/vault.ts'
import { masterKey } from '../moves/credentials.ts'
import { copyIn } from './copy-in.ts'
import { Copier, columnsOf, emptyLines } from './rows.ts'
import { type Specimens, tables } from './specimen.ts'

export interface Part {
  readonly url: string
  readonly specimens: Specimens
  readonly cases: number
  readonly part: number
  readonly parts: number
}

const batch = 2_000

/** Milliseconds over which the cases have begun. */
const threeYears = 3 * 365 * 24 * 3600_000

/** Fills in its share of the batches, in a thread of its own. */
const { url, specimens, cases, part, parts } = workerData as Part
const db = new pg.Client({ connectionString: url, options: '-c synchronous_commit=off' })
await db.connect()
const copier = new Copier(new Vault(await openKeyring(db as never, masterKey)), specimens)
const begin = Date.now() - threeYears
for (let first = part * batch; first < cases; first += parts * batch) {
  const lines = emptyLines()
  for (let index = first; index < Math.min(cases, first + batch); index++)
    copier.add(lines, index, begin + Math.floor((index / cases) * threeYears))
  for (const table of tables)
    await copyIn(db, table, columnsOf(specimens, table), Buffer.from(`${lines[table].join('\n')}\n`))
}
await db.end()
