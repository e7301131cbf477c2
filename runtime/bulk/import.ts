import { isBlank } from '../../engine/index.ts'
import type { Beginning, CaseService } from '../cases/cases.ts'
import { type RepeatableRequest, repeatable } from '../cases/requests.ts'
import { actorOf, cardRights } from '../cases/rights.ts'
import { startFields } from '../cases/start-fields.ts'
import type { Versions } from '../cases/versions.ts'
import { lookupsOf } from '../clients/lookups.ts'
import type { Clock } from '../clock.ts'
import type { Caller, ImportOrder, RowOutcome } from '../http/ports.ts'
import type { Log } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { findClients } from '../store/clients.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { findRequests, type StoredRequest } from '../store/requests.ts'
import type { Vault } from '../vault/vault.ts'
import { type Column, readColumns } from './columns.ts'
import { inLanes } from './lanes.ts'
import { refusedOne } from './refused-one.ts'
import { type Row, readRow } from './row.ts'

export interface ImportParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly cases: CaseService
  readonly clock: Clock
  readonly log: Log
}

type ImportRow = ImportOrder['rows'][number]

/** A row with the request that it is: repeated, it is carried out once. */
interface Numbered {
  readonly row: ImportRow
  readonly body: object
  readonly key: string
  readonly request: RepeatableRequest
}

/** Rows under way at once: they share writes, and people at work do not wait behind them. */
const lanes = 16

/** A client whom somebody erases while a row looks for them is looked for again. */
const patience = 3

/** Makes cases of rows, each by itself and by the rights of who asks. What all rows have wrong refuses them together. */
export async function importRows(by: Caller, order: ImportOrder, parts: ImportParts): Promise<readonly RowOutcome[]> {
  const current = parts.cases.startable(by, order.process)
  const columns = readColumns(order.columns, current, suggestedFields(by, order, parts))
  checkCardRights(by, order, columns, parts)
  const rows = order.rows.map((row) => numbered(by, order, columns, row, parts))
  const before = await findBefore(rows, parts)
  const turn = turns()
  return inLanes(rows, lanes, async (one) => {
    const { line } = one.row
    try {
      const done = doneAlready(before.get(one.key), one)
      if (done) return { line, ok: true, case: done, again: true }
      const row = readRow(columns, one.row.cells, actorOf(by, current.definition), current.definition)
      const address = order.match === 'email' ? row.card.email : undefined
      const made = await turn(address?.toLowerCase(), () => bring(by, order, row, one, parts))
      return { line, ok: true, ...made }
    } catch (error) {
      const column = error instanceof Refusal ? error.fields?.find((name) => order.columns.includes(name)) : undefined
      return { line, ...refusedOne(error, parts.log), ...(column ? { column } : {}) }
    }
  })
}

async function bring(
  by: Caller,
  order: ImportOrder,
  row: Row,
  { key, body }: Numbered,
  parts: ImportParts,
  tries = 1,
): Promise<{ case: string } | { letters: readonly string[] }> {
  const known = order.match === 'email' && row.card.email ? await knownClient(row.card.email, parts) : undefined
  const what: Beginning = {
    fields: row.fields,
    ...(known ? { client: known } : Object.keys(row.card).length > 0 ? { card: row.card } : {}),
    ...(row.decided.length > 0 ? { decided: row.decided } : {}),
  }
  try {
    if (order.dryRun) return { letters: await parts.cases.tryBring(by, order.process, what) }
    return { case: (await parts.cases.bring(by, order.process, what, { key, body })).id }
  } catch (error) {
    const gone = error instanceof Refusal && (error.code === 'client-erased' || error.code === 'conflict')
    if (!known || !gone || tries === patience) throw error
    return bring(by, order, row, { key, body } as Numbered, parts, tries + 1)
  }
}

/** The one client with this address. An erased one is not found: nothing of them is left to be found by. */
async function knownClient(email: string, { db, vault }: ImportParts): Promise<string | undefined> {
  const found = await findClients(db.pool, lookupsOf('email', email, vault.master), { limit: 2 }).catch(away)
  if (found.length < 2) return found[0]?.clientId
  const because = 'several clients have this e-mail address: start this case by hand, with the one who is meant'
  throw new Refusal('conflict', because, { fields: ['client.email'] })
}

/** Names that may be told to this person: fields that they could fill in, whatever a client consents to. */
function suggestedFields(by: Caller, { process }: ImportOrder, { versions, clock }: ImportParts): string[] {
  const purposes = Object.keys(versions.definition().purposes)
  const consents = Object.fromEntries(purposes.map((name) => [name, 'given' as const]))
  return startFields(versions, by, process, consents, clock.now()).map(({ name }) => name)
}

function checkCardRights(by: Caller, order: ImportOrder, columns: readonly Column[], { versions }: ImportParts): void {
  const rights = cardRights(by, versions.definition())
  const writes = columns.some(({ kind }) => kind !== 'field')
  const looks = order.match !== undefined || columns.some(({ kind }) => kind === 'consent')
  const missing = writes && !rights.has('edit') ? 'edit' : looks && !rights.has('see') ? 'see' : undefined
  if (!missing) return
  const because = `none of your roles may ${missing} clients' cards, which this import would: a role's \`clients\` line says who may`
  throw new Refusal('not-allowed', because)
}

/** Neither the key nor the hash of the row tells anything of it, or of the import's id, which may be made of the file. */
function numbered(
  by: Caller,
  { id, process, match }: ImportOrder,
  columns: readonly Column[],
  row: ImportRow,
  { vault }: ImportParts,
): Numbered {
  if (row.cells.length !== columns.length) {
    throw new Refusal('invalid-body', `line ${row.line} has ${row.cells.length} cells for ${columns.length} columns`)
  }
  const said = columns.flatMap(({ name }, at) => (isBlank(row.cells[at]) ? [] : [[name, row.cells[at]] as const]))
  const body = { process, ...(match ? { match } : {}), said: said.toSorted(([a], [b]) => (a < b ? -1 : 1)) }
  const key = `import ${vault.master.lookup('import', `${id} ${row.line}`).toString('hex')}`
  return { row, body, key, request: repeatable(by, key, body, vault.master) as RepeatableRequest }
}

function findBefore(rows: readonly Numbered[], { db }: ImportParts): Promise<Map<string, StoredRequest>> {
  const caller = rows[0]?.request.caller ?? ''
  return findRequests(
    db.pool,
    caller,
    rows.map(({ key }) => key),
  ).catch(away)
}

/** The case that this row has become already. */
function doneAlready(found: StoredRequest | undefined, { request }: Numbered): string | undefined {
  if (!found || found.bodyHash.equals(request.bodyHash)) return found?.subjectId
  const because = 'this line was imported before with other values: change its case by hand, or import under another id'
  throw new Refusal('key-reused', because)
}

/** Lets work on one thing begin in the order in which it came, one after another. */
function turns(): <T>(thing: string | undefined, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (thing, work) => {
    if (thing === undefined) return work()
    const mine = (last.get(thing) ?? Promise.resolve()).then(work)
    last.set(
      thing,
      mine.catch(() => undefined),
    )
    return mine
  }
}

function away(error: unknown): never {
  throw isAway(error) ? unavailable() : error
}
