import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import type { Actor } from '../../engine/case.ts'
import type { Definition, Rule } from '../../engine/definition.ts'
import { askedAgain, type Difference, diff } from '../../engine/diff/index.ts'
import { own } from '../../engine/named.ts'
import { placeInWords } from '../../engine/wording.ts'
import type { AskAgain, Needed, ProcessPlan, WorkspacePlan } from '../http/ports.ts'
import { type CaseRow, countOpenCases, openCasesOf, type VersionAt } from '../store/cases.ts'
import { clientsAgreedBefore } from '../store/clients.ts'
import { processVersions } from '../store/versions.ts'
import type { Vault } from '../vault/vault.ts'
import { type Changed, Changeover } from './changeover.ts'
import { touchedBy } from './touched.ts'
import { contentHashes, definitionHash, proposedProcesses, type Versions } from './versions.ts'

export interface PlanParts {
  readonly db: pg.Pool | pg.PoolClient
  readonly vault: Vault
  readonly versions: Versions
}

/** What is asked of a plan. */
export interface Wish {
  /** Open cases stay on the version that they run on. */
  readonly newCasesOnly: boolean
  readonly by: Actor
  readonly now: string
}

/** Open cases read in one go. */
export const batch = 200
const someClients = 20

/**
 * What changes in meaning where another definition is to run, and what that does to the cases that are open: each is taken over to the
 * new version without anything being stored, so that the counts are what would happen now.
 */
export async function planOf(proposed: Definition, parts: PlanParts, wish: Wish): Promise<WorkspacePlan> {
  const { db, versions } = parts
  const current = versions.definition()
  const open = await countOpenCases(db)
  const numbers = await nextVersions(db, proposed)
  const found = wish.newCasesOnly ? [] : await processPlans(proposed, numbers, parts, wish)
  const processes = found.map(({ plan }) => plan)
  const askAgain = await whoIsAsked(current, proposed, db)
  const needs = [
    ...gone(current, proposed, open, wish),
    ...found.flatMap((each) => each.needs),
    ...purposesToRaise(askAgain, proposed),
    ...purposesLowered(current, proposed),
  ]
  const differences = diff(current, proposed).map((difference) => withCases(difference, current, proposed, open))
  const { hash, at } = versions.applied
  return {
    current: { hash, at },
    proposed: { hash: definitionHash(proposed) },
    differences,
    processes,
    askAgain,
    needs,
  }
}

/** The version that each process of a definition has or gets; `isNew` where its content is not that of its latest version. */
export async function nextVersions(
  db: pg.Pool | pg.PoolClient,
  proposed: Definition,
): Promise<ReadonlyMap<string, { readonly version: number; readonly isNew: boolean }>> {
  const known = await processVersions(db)
  return new Map(
    contentHashes(proposed).map(({ name, contentHash }) => {
      const last = known.get(name)
      const isNew = last?.contentHash !== contentHash
      return [name, { version: (last?.version ?? 0) + (isNew ? 1 : 0), isNew }]
    }),
  )
}

interface Found {
  readonly plan: ProcessPlan
  readonly needs: readonly Needed[]
}

async function processPlans(
  proposed: Definition,
  numbers: Awaited<ReturnType<typeof nextVersions>>,
  parts: PlanParts,
  wish: Wish,
): Promise<Found[]> {
  const processOf = proposedProcesses(proposed)
  const found: Found[] = []
  for (const [name, { version, isNew }] of numbers) {
    const to = isNew ? processOf(name) : undefined
    if (!to) continue
    const tally = new Tally(name, version)
    const changeover = new Changeover(to, version, parts.vault)
    await eachOpenCase(parts, name, { definitionHash: to.definitionHash, version }, (row) => {
      const from = parts.versions.of(row.definitionHash, row.process)
      tally.add(row, changeover.change(row, from, wish.by, wish.now), changeover.heirOf(row, from), wish.now)
    })
    found.push(tally.found)
  }
  return found
}

/** The same one by one, giving way to what else waits every few milliseconds: people go on working meanwhile. */
export async function* inTurns<T>(rows: readonly T[]): AsyncGenerator<T> {
  let since = performance.now()
  for (const row of rows) {
    if (performance.now() - since > atATime) {
      await turn()
      since = performance.now()
    }
    yield row
  }
}

/** Milliseconds. */
const atATime = 10

/** Goes through the open cases of a process that run on another definition, some at a time. */
async function eachOpenCase(
  { db, versions }: PlanParts,
  process: string,
  but: VersionAt,
  look: (row: CaseRow) => void,
): Promise<void> {
  for (let after: string | undefined; ; ) {
    const rows = await openCasesOf(db, process, { but, after, limit: batch })
    if (rows.length === 0) return
    await versions.ensure(rows.map((row) => row.definitionHash))
    for await (const row of inTurns(rows)) look(row)
    after = rows.at(-1)?.caseId
  }
}

/** Counts what becomes of the cases of one process. */
class Tally {
  readonly #process: string
  readonly #version: number
  readonly #from = new Set<number>()
  readonly #stages = new Map<string, { from: string; to: string; cases: number }>()
  readonly #notes = new Map<string, number>()
  readonly #refused = new Map<string, { need: Needed; cases: number }>()
  #moved = 0

  constructor(process: string, version: number) {
    this.#process = process
    this.#version = version
  }

  add(row: CaseRow, { loaded, decision }: Changed, heir: string | undefined, now: string): void {
    this.#from.add(row.version)
    if (decision.outcome === 'refused') {
      const { because, at } = decision
      const known = this.#refused.get(because)
      const need = { what: because, process: this.#process, ...(at && { at }) }
      this.#refused.set(because, { need, cases: (known?.cases ?? 0) + 1 })
      return
    }
    this.#moved += 1
    const to = decision.state.stage
    const key = `${row.stage} ${to}`
    this.#stages.set(key, { from: row.stage, to, cases: (this.#stages.get(key)?.cases ?? 0) + 1 })
    const { rules } = loaded.running.machine
    for (const effect of decision.effects) {
      if (effect.type === 'timer' && effect.due <= now)
        this.#note(`${ruleInWords(rules.get(effect.key)?.rule)} is due at once`)
      if (effect.type === 'letter') this.#note(`letter \`${effect.letter}\` goes out at once`)
      if (effect.type === 'erase')
        for (const field of effect.fields) if (holds(row, field)) this.#note(`what field \`${field}\` holds is erased`)
    }
    if (heir !== undefined && to !== heir)
      this.#note(`from \`${heir}\` on to \`${to}\` at once, by a rule or a consent that is missing`)
  }

  #note(what: string): void {
    this.#notes.set(what, (this.#notes.get(what) ?? 0) + 1)
  }

  get found(): Found {
    const stuck = [...this.#refused.values()].reduce((sum, { cases }) => sum + cases, 0)
    const plan = {
      process: this.#process,
      from: [...this.#from].sort((a, b) => a - b),
      to: this.#version,
      cases: this.#moved + stuck,
      stages: [...this.#stages.values()],
      notes: [...this.#notes].map(([what, cases]) => ({ what, cases })),
    }
    const needs = [...this.#refused.values()].map(({ need, cases }) => ({ ...need, cases }))
    return { plan, needs }
  }
}

function holds({ state, sealed, caseId }: CaseRow, field: string): boolean {
  return state.values[field] !== undefined || sealed.some((row) => row.field === field && row.caseId === caseId)
}

function ruleInWords(rule: Rule | undefined): string {
  return rule ? `the rule at ${placeInWords(rule.at)}` : 'an erasure'
}

/** Processes that are gone while some of their cases are open. */
function gone(
  current: Definition,
  proposed: Definition,
  open: Awaited<ReturnType<typeof countOpenCases>>,
  { newCasesOnly }: Wish,
): Needed[] {
  if (newCasesOnly) return []
  return Object.values(current.processes).flatMap(({ name, at }) => {
    const cases = open.filter(({ process }) => process === name).reduce((sum, each) => sum + each.cases, 0)
    if (own(proposed.processes, name) || cases === 0) return []
    return [
      { what: `process \`${name}\` is gone and has open cases: end them first, or keep it`, process: name, at, cases },
    ]
  })
}

async function whoIsAsked(
  current: Definition,
  proposed: Definition,
  db: pg.Pool | pg.PoolClient,
): Promise<readonly AskAgain[]> {
  const asked: AskAgain[] = []
  for (const { purpose, because, raised } of askedAgain(current, proposed)) {
    const version = own(proposed.purposes, purpose)?.version ?? 1
    // Without a raised version their yes would stand: they are counted as if it were raised.
    const before = raised ? version : version + 1
    const { count, some } = await clientsAgreedBefore(db, purpose, before, someClients)
    asked.push({ purpose, because, raised, clients: count, some })
  }
  return asked
}

function purposesToRaise(asked: readonly AskAgain[], { purposes }: Definition): Needed[] {
  return asked.flatMap(({ purpose, because, raised }) => {
    const declared = own(purposes, purpose)
    if (raised || !declared) return []
    const what = `purpose \`${purpose}\` is not what clients agreed to (${because.join(', ')}): write \`version ${declared.version + 1}\`, and they are asked again`
    return [{ what, at: declared.at }]
  })
}

function purposesLowered(current: Definition, proposed: Definition): Needed[] {
  return Object.values(proposed.purposes).flatMap(({ name, version, at }) => {
    const earlier = own(current.purposes, name)?.version ?? version
    if (version >= earlier) return []
    return [
      {
        what: `purpose \`${name}\` goes back to version ${version} from ${earlier}: a version once shown to clients does not come back`,
        at,
      },
    ]
  })
}

function withCases(
  difference: Difference,
  current: Definition,
  proposed: Definition,
  open: Awaited<ReturnType<typeof countOpenCases>>,
): Difference & { cases?: number } {
  const touched = touchedBy(difference, current, proposed)
  if (!touched) return difference
  const cases = open.filter((each) => touched(each)).reduce((sum, each) => sum + each.cases, 0)
  return { ...difference, cases }
}
