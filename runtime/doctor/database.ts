import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { OperatorError } from '../operator-error.ts'
import { migrationNames } from '../store/migrate.ts'
import { forOperator } from '../store/refused.ts'
import { type Standing, standing } from '../store/standing.ts'
import { masterKey } from '../vault/master-key.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** The oldest Postgres that the statements here are written for. */
const oldest = 14
/** What one node's pools may hold at once. */
const needed = 32
/** Timers and sessions go by the clock of this machine; two seconds apart is a clock that nobody sets. */
const skew = 2_000

/** The database: whether it answers, what it is, and whether the master key is its own. */
export async function examineDatabase(config: Config, clock: Clock): Promise<Finding[]> {
  const master = examineKey(config.masterKey)
  if (!config.databaseUrl) {
    const todo = 'set it to a Postgres of your own; `zgoda demo` needs none'
    return [bad('database', 'ZGODA_DATABASE_URL is not set', todo), master.finding]
  }
  try {
    const facts = await standing(config.databaseUrl)
    const apart = facts.clock - Date.parse(clock.now())
    return [answers(facts), ...wholeness(facts), ...schema(facts), ours(master, facts), ticking(apart)]
  } catch (error) {
    const known = forOperator(error)
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    const says = known instanceof OperatorError ? known.message : `Postgres does not answer${code}`
    return [bad('database', says, 'put ZGODA_DATABASE_URL right, or start Postgres'), master.finding]
  }
}

function answers({ version, connections }: Standing): Finding {
  const name = `Postgres ${Math.floor(version / 10_000)}.${version % 10_000}`
  if (version < oldest * 10_000) return bad('database', `${name} is too old`, `use Postgres ${oldest} or later`)
  if (connections < needed) {
    const todo = `raise \`max_connections\`: a node holds up to ${needed}`
    return note('database', `${name} answers and lets in ${connections} connections`, todo)
  }
  return good('database', `${name} answers`)
}

function wholeness({ durable, encoding, mayCreate, migrations }: Standing): Finding[] {
  const found: Finding[] = []
  if (!durable) {
    const says = 'what Postgres acknowledges may be lost with the power: `fsync` or `synchronous_commit` is off'
    found.push(bad('database', says, 'set both to `on` in postgresql.conf'))
  }
  if (encoding !== 'UTF8') {
    found.push(bad('database', `its encoding is ${encoding}`, 'make it anew: `createdb --encoding=UTF8`'))
  }
  if (!mayCreate && migrations.length === 0) {
    const todo = 'make the user in ZGODA_DATABASE_URL the owner of its database'
    found.push(bad('database', 'this user may not make schemas in it', todo))
  }
  return found
}

function schema({ migrations }: Standing): Finding[] {
  const newer = migrations.filter((name) => !migrationNames.includes(name))
  const missing = migrationNames.filter((name) => !migrations.includes(name))
  if (newer.length > 0) {
    const says = 'a newer version of Zgoda has changed this database'
    return [bad('schema', says, 'install that version, or restore a backup from before')]
  }
  if (migrations.length === 0) return [note('schema', 'the database is empty', 'the first start makes the tables')]
  if (missing.length === 0) return [good('schema', `all ${migrations.length} migrations are in`)]
  return [note('schema', `${missing.join(', ')} missing`, 'the next start makes up for it; take a backup first')]
}

interface ExaminedKey {
  readonly finding: Finding
  readonly check?: Buffer
}

function examineKey(text: string | undefined): ExaminedKey {
  if (!text) {
    const todo = '`openssl rand -hex 32` makes one; keep it apart from the database and its backups'
    return { finding: bad('master key', 'neither ZGODA_MASTER_KEY nor ZGODA_MASTER_KEY_FILE is set', todo) }
  }
  try {
    return { finding: good('master key', 'is a key; no database to hold it against'), check: masterKey(text).check }
  } catch (error) {
    return { finding: bad('master key', (error as Error).message, 'give the key that the database was made with') }
  }
}

function ours({ finding, check }: ExaminedKey, { masterCheck }: Standing): Finding {
  if (!check) return finding
  if (!masterCheck) return good('master key', 'is a key; the first start will make the database with it')
  if (masterCheck.equals(check)) return good('master key', 'is the one that this database was made with')
  const todo = 'give that one, or name the database that belongs to this key'
  return bad('master key', 'is not the key that this database was made with', todo)
}

function ticking(apart: number): Finding {
  const seconds = `${(Math.abs(apart) / 1000).toFixed(1)} s`
  if (Math.abs(apart) < skew) return good('clock', `${seconds} from the database’s`)
  return bad('clock', `${seconds} ${apart < 0 ? 'ahead of' : 'behind'} the database’s`, 'set both machines by NTP')
}
