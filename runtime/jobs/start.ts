import { start } from '../../engine/index.ts'
import { holderOf } from '../cases/assemble.ts'
import { tellCasesDone } from '../cases/cases-done.ts'
import { openStart } from '../cases/children.ts'
import { type FreshParts, freshCase } from '../cases/fresh-case.ts'
import { whyEndless } from '../cases/lineage.ts'
import { remark } from '../cases/remark.ts'
import type { Road } from '../cases/road.ts'
import type { Versions } from '../cases/versions.ts'
import { Refusal } from '../refusal.ts'
import { type CaseRow, loadCases } from '../store/cases.ts'
import { loadStart, noteStarted, type StoredStart } from '../store/children.ts'
import type { Holder } from '../vault/vault.ts'
import { Failed } from './failure.ts'
import type { Job } from './worker.ts'

export interface StartParts extends FreshParts {
  readonly versions: Versions
  readonly road: Road
  fallback(): Holder
}

/**
 * Starts the case that another has decided to start, under the id that was settled with that decision: done twice, it
 * finds the case there. Where the rules refuse, the other's history says why. Where cases start each other without end, a person decides.
 */
export function startJob(parts: StartParts): Job {
  return async (payload) => {
    const { caseId, seq } = payload as { caseId: string; seq: number }
    const { pool } = parts.db
    const wanted = await loadStart(pool, caseId, seq)
    if (!wanted || wanted.started) return
    const rows = await loadCases(pool, [caseId, wanted.childId])
    const parent = rows.get(caseId)
    if (!parent) return
    const there = rows.get(wanted.childId)
    const because = there ? undefined : whyEndless(parent, wanted)
    if (because) throw new Failed(because)
    try {
      await noteStarted(pool, caseId, seq, there ? there.number : await begin(parent, seq, wanted, parts))
    } catch (error) {
      if (!(error instanceof Refusal) || passing.has(error.code)) throw error
      await drop(parts.road, caseId, seq, error.because)
      await tellCasesDone(parts.road, caseId)
    }
  }
}

/** Refusals that are over when it is tried again. */
const passing = new Set(['conflict', 'unavailable'])

async function begin(parent: CaseRow, seq: number, wanted: StoredStart, parts: StartParts): Promise<number> {
  const { vault, versions, road } = parts
  const { caseId, process, number, client } = parent
  const holder = holderOf(client, vault)
  const { sealed, clientId } = wanted
  const values = sealed ? openStart(caseId, seq, { sealed, clientId }, holder, parts) : undefined
  if (!values) throw new Refusal('client-erased', 'the client was erased before it began')
  const current = versions.current(wanted.process)
  if (!current) throw new Refusal('not-found', `the workspace has no process \`${wanted.process}\` any more`)
  const fresh = await freshCase(parts, current, {
    client: client?.clientId,
    language: client?.language,
    caseId: wanted.childId,
    parent: { caseId, seq, process, number, depth: wanted.depth, width: wanted.width },
  })
  await road.happen({
    caseId: wanted.childId,
    event: 'start',
    fresh,
    decide: ({ running, state }, now) =>
      start(
        running.machine,
        { id: wanted.childId, number: state.number, client: state.client },
        { type: 'start', by: { kind: 'system' }, values },
        { now },
      ),
  })
  return fresh.loaded.row.number
}

/** The case that was to be started is not, and the one that was to start it says why. */
async function drop(road: Road, caseId: string, seq: number, because: string): Promise<void> {
  await road.happen({
    caseId,
    event: 'not started',
    decide: ({ row, state }, now) => {
      const child = row.children.find((one) => one.seq === seq)
      if (!child) throw new Refusal('nothing-to-do', 'its history says already why this case was not started')
      const { process } = child
      const text = {
        en: `Case ${state.number} could not start \`${process}\`: ${because}`,
        pl: `Sprawa ${state.number} nie mogła rozpocząć \`${process}\`: ${because}`,
      }
      const note = {
        type: 'start',
        by: { kind: 'system' },
        target: process,
        because: `not started: ${because}`,
      } as const
      return remark(state, note, now, (at) => [{ type: 'notify', to: { kind: 'movers' }, text, seq: at }])
    },
    also: (set) => set.dropped.push({ case_id: caseId, seq }),
  })
}
