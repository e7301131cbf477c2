import { type ChainRow, chainAfter, changedRows, inOneView, rowsToChain } from '../store/audit.ts'
import type { Database } from '../store/database.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { link } from './chain.ts'

/** What was found. `broken` are sentences for the operator, in the order they were met; at most `mostTold` of them. */
export interface Verified {
  readonly entries: number
  readonly rows: number
  readonly waiting: number
  readonly head: string | undefined
  readonly broken: readonly string[]
}

/** An entry that was written down elsewhere: `SEQ:HASH`, the hash in hexadecimal. */
export interface KnownHead {
  readonly seq: string
  readonly hash: string
}

const page = 500
const mostTold = 100
const kinds = ['history', 'consent'] as const
type Kind = (typeof kinds)[number]
const called: Readonly<Record<Kind, string>> = { history: 'history of case', consent: 'consent of client' }

/**
 * Holds the whole chain against its hashes, and the rows that it speaks of against their digests. Without a known head from
 * elsewhere, entries cut off its end are not missed.
 */
export function verifyAudit(
  { pool }: Database,
  master: MasterKey,
  known?: KnownHead,
  progress: (entries: number) => void = () => undefined,
): Promise<Verified> {
  return inOneView(pool, async (db) => {
    const walk = new Walk(master, known)
    for (;;) {
      const rows = await chainAfter(db, walk.seq, page)
      if (rows.length === 0) break
      for (const row of rows) await walk.step(row, (kind, digests) => changedRows(db, kind, digests))
      progress(Number(walk.seq))
    }
    walk.end()
    let waiting = 0
    for (const kind of kinds) {
      const held = await rowsToChain(db, kind)
      waiting += held.waiting
      walk.count(kind, held.rows - held.waiting)
    }
    const { seq, hash, broken, chained } = walk
    return {
      entries: Number(seq),
      rows: chained.history + chained.consent,
      waiting,
      head: hash && `${seq}:${hash.toString('hex')}`,
      broken,
    }
  })
}

/** From entry to entry, with what was found wrong on the way. */
class Walk {
  readonly broken: string[] = []
  readonly chained: Record<Kind, number> = { history: 0, consent: 0 }
  seq = '0'
  hash: Buffer | undefined
  readonly #master: MasterKey
  readonly #known: KnownHead | undefined

  constructor(master: MasterKey, known: KnownHead | undefined) {
    this.#master = master
    this.#known = known
  }

  async step(row: ChainRow, changed: (kind: Kind, digests: Buffer) => Promise<readonly string[]>): Promise<void> {
    const next = BigInt(this.seq) + 1n
    if (BigInt(row.seq) !== next) this.#tell(`entries ${next} to ${BigInt(row.seq) - 1n} are missing`)
    if (!link(this.#master.audit, this.hash, row).equals(row.hash))
      this.#tell(`entry ${row.seq} was changed, or the one before it was`)
    if (row.seq === this.#known?.seq && row.hash.toString('hex') !== this.#known.hash)
      this.#tell(`entry ${row.seq} is not the one that was written down`)
    this.seq = row.seq
    this.hash = row.hash
    const kind = kinds.find((one) => one === row.kind)
    if (!kind || !row.digests) return
    this.chained[kind] += row.digests.length / 52
    for (const one of await changed(kind, row.digests))
      this.#tell(`${called[kind]} ${one.replace(' ', ', number ')}: changed or gone since entry ${row.seq}`)
  }

  #tell(broken: string): void {
    if (this.broken.length < mostTold) this.broken.push(broken)
  }

  end(): void {
    if (this.#known && BigInt(this.#known.seq) > BigInt(this.seq))
      this.#tell(`entry ${this.#known.seq}, which was written down, is no longer there: the end was cut off`)
  }

  /** `rows` are those there are whose digest ought to be in the chain by now. */
  count(kind: Kind, rows: number): void {
    const unknown = rows - this.chained[kind]
    const table = kind === 'history' ? 'history' : 'consents'
    if (unknown > 0) this.#tell(`${unknown} rows of \`${table}\` are in no entry: they came in by another way`)
  }
}
