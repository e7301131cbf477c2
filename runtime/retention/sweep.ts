import { decide } from '../../engine/index.ts'
import { assemble, type LoadedCase } from '../cases/assemble.ts'
import { type CaseLapse, lapseOf } from '../cases/due.ts'
import { outOfReach } from '../cases/kept-document.ts'
import { purposesOf } from '../cases/purposes.ts'
import type { Road } from '../cases/road.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { Refusal } from '../refusal.ts'
import { occurred } from '../store/audit.ts'
import { loadCases } from '../store/cases.ts'
import type { Database } from '../store/database.ts'
import { casesDue, type DueCase, eraseCorrespondence, narrow, noteDue } from '../store/retention.ts'
import { inTransaction } from '../store/transaction.ts'
import type { WriteSet } from '../store/write-set.ts'
import type { Vault } from '../vault/vault.ts'

export interface SweepParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly road: Road
}

const batch = 100
const because = 'the time that its purposes allow is over'

/** Erases of every case what has had its time and is under no hold (GDPR Art. 5(1)(e)). Answers how many cases there were. */
export async function sweep(parts: SweepParts): Promise<number> {
  let count = 0
  for (let after: DueCase | undefined; ; ) {
    const due = await casesDue(parts.db.pool, parts.clock.now(), { after, limit: batch })
    for (const { caseId } of due) await sweepCase(caseId, parts)
    count += due.length
    after = due.at(-1)
    if (due.length < batch) return count
  }
}

/** Erases of one case what has had its time, and notes when something of it has to go next. */
export async function sweepCase(caseId: string, parts: SweepParts): Promise<void> {
  const loaded = await load(caseId, parts)
  const now = parts.clock.now()
  if (!loaded || isHeld(loaded, now)) return
  const { narrow: fewer, erase } = lapseOf(loaded, now)
  const client = loaded.row.client?.clientId
  if (client && fewer.length > 0) await narrow(parts.db.pool, client, caseId, fewer)
  if (erase.length > 0 && !(await eraseValues(caseId, parts))) return
  const left = await load(caseId, parts)
  if (left) await settle(left, lapseOf(left, now), now, parts)
}

/** False where the case has changed in such a way that nothing is to go just now: whoever changed it has noted when. */
async function eraseValues(caseId: string, { road }: SweepParts): Promise<boolean> {
  let loadedThen: LoadedCase | undefined
  let gone: readonly string[] = []
  try {
    await road.happen({
      caseId,
      event: 'erase',
      decide: (loaded, now) => {
        gone = isHeld(loaded, now) ? [] : lapseOf(loaded, now).erase
        loadedThen = loaded
        if (gone.length === 0) throw new Refusal('nothing-to-do', 'nothing of this case has to go now')
        const event = { type: 'erase', by: { kind: 'system' }, fields: gone, because } as const
        return decide(loaded.running.machine, loaded.state, event, { now })
      },
      also: (set) => loadedThen && noteGone(set, loadedThen, gone),
    })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'nothing-to-do') return false
    throw error
  }
}

function noteGone(set: WriteSet, { row, running, state }: LoadedCase, fields: readonly string[]): void {
  const at = set.history.findLast((entry) => entry.case_id === row.caseId)?.at ?? row.enteredAt
  const clients = row.client ? [row.client.clientId] : []
  const entry = { case: row.caseId, process: row.process, number: row.number, fields }
  set.occurrences.push({ case_id: row.caseId, at, kind: 'retention', actor: 'system', clients, entry })
  // Documents that a hold has kept beyond a withdrawal.
  for (const purpose of purposesOf(running.process, running.definition)) {
    const names = outOfReach(running, state, purpose)
    const ended = { webhooks: [], because, held: false, at }
    if (names.length > 0) set.withdrawn.push({ case_id: row.caseId, purpose, fields: names, ...ended })
  }
}

/** What is left: the words of letters and the like, once their time is over, and when to look again. */
async function settle(loaded: LoadedCase, found: CaseLapse, now: string, { db }: SweepParts): Promise<void> {
  const { caseId, seq, process, number, client } = loaded.row
  await inTransaction(db.pool, async (tx) => {
    const counts = found.whole ? await eraseCorrespondence(tx, caseId) : {}
    if (Object.keys(counts).length > 0) {
      const entry = { case: caseId, process, number, kept: counts }
      const clients = client ? [client.clientId] : []
      await occurred(tx, [{ at: now, kind: 'retention', actor: 'system', clients, entry }])
    }
    await noteDue(tx, { caseId, seq }, found.next ?? null)
  })
}

function isHeld({ row }: LoadedCase, now: string): boolean {
  return row.heldUntil !== null && Date.parse(row.heldUntil) > Date.parse(now)
}

async function load(caseId: string, { db, versions, vault }: SweepParts): Promise<LoadedCase | undefined> {
  const row = (await loadCases(db.pool, [caseId])).get(caseId)
  if (!row) return undefined
  await versions.ensure([row.definitionHash])
  return assemble(row, versions.of(row.definitionHash, row.process), vault)
}
