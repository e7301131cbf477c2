import type pg from 'pg'
import type { Definition } from '../../engine/definition.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import { placeInWords } from '../../engine/wording.ts'
import type { WorkspacePlan } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import { openCasesOf, setVersion } from '../store/cases.ts'
import { expireConsents } from '../store/clients.ts'
import type { Database } from '../store/database.ts'
import { inTransaction } from '../store/transaction.ts'
import {
  definitionOfVersion,
  insertApplied,
  insertDefinition,
  lastApplied,
  lockVersions,
  queueStragglers,
} from '../store/versions.ts'
import { write } from '../store/write.ts'
import { emptyWriteSet } from '../store/write-set.ts'
import { settleAssignments } from './assignment.ts'
import { Changeover } from './changeover.ts'
import { addDraft, type Draft, type Drafting } from './draft.ts'
import { batch, inTurns, nextVersions, planOf, type Wish } from './plan.ts'
import { contentHashes, definitionRow, proposedProcesses, type RunningProcess, type Versions } from './versions.ts'

export interface ApplyParts extends Drafting {
  readonly db: Database
  readonly versions: Versions
  /** Told of each case that goes on by another version, once that stands. */
  changed(caseId: string, process: string): void
  /** Lets every node know of the definition that runs, by its hash, once the transaction stands. */
  announce(db: pg.PoolClient, hash: string): Promise<void>
}

export interface Applied {
  readonly plan: WorkspacePlan
  readonly moved: number
}

type ApplyWish = Wish & { readonly actor: string; readonly basedOn?: string }

/**
 * Makes a definition run: keeps it, numbers its versions and takes the open cases over to it, in one transaction or not at all. Other
 * nodes take it up by themselves. `actor` is who it is noted of; `basedOn` the hash of what ran when it was planned. What is in the
 * way is looked for before the transaction, which holds the cases: where that is not how things are any more, it is looked for again.
 */
export async function applyDefinition(proposed: Definition, parts: ApplyParts, wish: ApplyWish): Promise<Applied> {
  for (let tries = 1; tries <= patience; tries += 1) {
    await parts.versions.refresh()
    if (wish.basedOn !== undefined && parts.versions.applied.hash !== wish.basedOn) throw planIsOld()
    const plan = await planOf(proposed, { ...parts, db: parts.db.pool }, wish)
    if (plan.needs.length > 0) throw blocked(plan)
    const moved = await carriedOut(proposed, plan, parts, wish)
    if (!moved) continue
    await parts.versions.refresh()
    for (const { caseId, process } of moved) parts.changed(caseId, process)
    return { plan, moved: moved.length }
  }
  throw planIsOld()
}

const patience = 3

/** Thrown where a case has come since the plan that the new version can't take. */
class NewlyRefused extends Error {
  override readonly name = 'NewlyRefused'
}

interface MovedCase {
  readonly caseId: string
  readonly process: string
}

/** Carries out a plan; undefined where something has come in between that it did not know of. */
async function carriedOut(
  proposed: Definition,
  plan: WorkspacePlan,
  parts: ApplyParts,
  wish: ApplyWish,
): Promise<readonly MovedCase[] | undefined> {
  try {
    return await inTransaction(parts.db.pool, async (db) => {
      await lockVersions(db)
      const last = await lastApplied(db)
      if (last?.hash !== plan.current.hash) return undefined
      // Sent again, it has been done.
      if (plan.proposed.hash === last.hash) return []
      const numbers = await nextVersions(db, proposed)
      const row = definitionRow(proposed)
      const seq = last.seq + 1
      await insertDefinition(db, row, contentHashes(proposed), wish.now)
      const moved: MovedCase[] = []
      // Clients before cases, as everywhere.
      for (const purpose of raised(parts.versions.definition(), proposed)) await expireConsents(db, purpose, wish.now)
      if (!wish.newCasesOnly) {
        const processOf = proposedProcesses(proposed)
        for (const [name, { version, isNew }] of numbers) {
          const to = isNew ? processOf(name) : undefined
          if (to) moved.push(...(await moveCases(db, to, version, parts, wish)))
        }
        await queueStragglers(db, seq, new Date(Date.parse(wish.now) + headStart).toISOString())
      }
      await insertApplied(db, { seq, hash: row.hash, at: wish.now, actor: wish.actor, moved: moved.length })
      await parts.announce(db, row.hash)
      return moved
    })
  } catch (error) {
    if (error instanceof NewlyRefused) return undefined
    throw error
  }
}

/** Purposes whose meaning has changed: a yes to the version before is one no longer (GDPR Art. 6(4), 13(3)). */
function raised(current: Definition, proposed: Definition): { purpose: string; version: number }[] {
  return Object.values(proposed.purposes)
    .filter((purpose) => restsOnConsent(purpose) && purpose.version > (current.purposes[purpose.name]?.version ?? 0))
    .map(({ name, version }) => ({ purpose: name, version }))
}

/** How soon every node has heard of an apply, in milliseconds: at once, but for one that has just lost its connection. */
const headStart = 10_000

/**
 * Takes over the cases that another node has started by the version before, in the moment between apply number `seq` and its
 * hearing of it. Those that the new version can't take stay where they are.
 */
export async function moveStragglers(
  seq: number,
  parts: ApplyParts,
  { by, now }: Pick<Wish, 'by' | 'now'>,
): Promise<number> {
  const { db, versions } = parts
  await versions.refresh()
  const moved = await inTransaction(db.pool, async (client) => {
    await lockVersions(client)
    if (versions.applied.seq !== seq) return []
    const found: MovedCase[] = []
    for (const name of Object.keys(versions.definition().processes)) {
      const to = versions.current(name)
      if (to && to.definitionHash === (await definitionOfVersion(client, name, to.version)))
        found.push(...(await moveCases(client, to, to.version, parts, { by, now }, 'leave')))
    }
    return found
  })
  for (const { caseId, process } of moved) parts.changed(caseId, process)
  return moved.length
}

/** Takes the open cases of a process over, some at a time, each locked until the transaction ends. */
async function moveCases(
  db: pg.PoolClient,
  to: RunningProcess,
  version: number,
  parts: ApplyParts,
  { by, now }: Pick<Wish, 'by' | 'now'>,
  refused: 'fail' | 'leave' = 'fail',
): Promise<MovedCase[]> {
  const { vault, versions } = parts
  const moved: MovedCase[] = []
  const changeover = new Changeover(to, version, vault)
  const definitionHash = to.definitionHash
  for (let after: string | undefined; ; ) {
    const page = { but: { definitionHash, version }, after, limit: batch, lock: true }
    const rows = await openCasesOf(db, to.process.name, page)
    if (rows.length === 0) return moved
    await versions.ensure(rows.map((row) => row.definitionHash))
    const drafts: Draft[] = []
    for await (const row of inTurns(rows)) {
      const { loaded, decision } = changeover.change(row, versions.of(row.definitionHash, row.process), by, now)
      if (decision.outcome === 'refused' && refused === 'leave') continue
      if (decision.outcome === 'refused') throw new NewlyRefused()
      drafts.push({ loaded, decision })
    }
    const set = emptyWriteSet()
    for (const draft of await settleAssignments(db, drafts)) addDraft(set, draft, parts)
    const written = await write(db, set)
    if (written.size < set.updates.length) throw new Error('a case changed though it was locked')
    await setVersion(db, [...written], { version, definitionHash })
    moved.push(...[...written].map((caseId) => ({ caseId, process: to.process.name })))
    after = rows.at(-1)?.caseId
  }
}

function planIsOld(): Refusal {
  return new Refusal(
    'conflict',
    'another definition was applied since this was planned: plan again, and look at what changes now',
  )
}

function blocked({ needs }: WorkspacePlan): Refusal {
  const list = needs.map(({ what, at, cases }) => {
    const where = at && !what.includes(placeInWords(at)) ? ` (${placeInWords(at)})` : ''
    return `${what}${where}${cases ? `: ${cases} open case${cases === 1 ? '' : 's'}` : ''}`
  })
  return new Refusal('plan-blocked', `nothing was applied: ${list.join('; ')}`)
}
