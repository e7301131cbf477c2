import { createHash } from 'node:crypto'
import type { Definition, Process } from '../../engine/definition.ts'
import { compile, type Machine } from '../../engine/index.ts'
import { own } from '../../engine/named.ts'
import type { Caller, ProcessView } from '../http/ports.ts'
import type { Database } from '../store/database.ts'
import { inTransaction } from '../store/transaction.ts'
import {
  type AppliedRow,
  insertApplied,
  insertDefinition,
  lastApplied,
  loadDefinition,
  lockVersions,
  processVersions,
} from '../store/versions.ts'
import { caseRights } from './rights.ts'

/** A process as one version of the workspace has it, compiled. */
export interface RunningProcess {
  readonly definition: Definition
  readonly definitionHash: string
  readonly process: Process
  readonly machine: Machine
}

export interface CurrentProcess extends RunningProcess {
  readonly version: number
}

/** The definitions that cases run on: the current one, and by hash each that an older case started with. */
export class Versions {
  readonly #db: Database
  readonly #definitions = new Map<string, Definition>()
  readonly #machines = new Map<string, RunningProcess>()
  #current: Current | undefined

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Takes up what the database says runs; a database that is new gets `definition`. False where another definition runs than this: then
   * that one stays until a plan is applied, lest two nodes with different files take turns.
   */
  async adopt(definition: Definition, at: string): Promise<boolean> {
    await inTransaction(this.#db.pool, async (db) => {
      await lockVersions(db)
      if (await lastApplied(db)) return
      await insertDefinition(db, definitionRow(definition), contentHashes(definition), at)
      await insertApplied(db, { seq: 1, hash: definitionHash(definition), at, actor: 'start', moved: 0 })
    })
    // One copy of it will do: where it is what runs, it need not be loaded.
    const hash = definitionHash(definition)
    this.#definitions.set(hash, definition)
    await this.refresh()
    if (this.applied.hash === hash) return true
    this.#definitions.delete(hash)
    return false
  }

  /** Takes up what runs now; true where that has changed. */
  async refresh(): Promise<boolean> {
    const applied = await lastApplied(this.#db.pool)
    if (!applied || applied.seq === this.#current?.applied.seq) return false
    await this.ensure([applied.hash])
    const definition = this.#definitions.get(applied.hash) as Definition
    const versions = new Map([...(await processVersions(this.#db.pool))].map(([name, { version }]) => [name, version]))
    this.#current = { applied, definition, versions }
    return true
  }

  /** Which definition runs, since when, and by whom. */
  get applied(): AppliedRow {
    return this.#installed().applied
  }

  definition(): Definition {
    return this.#installed().definition
  }

  /** The version of a process that new cases start with; undefined where there is no such process. */
  current(name: string): CurrentProcess | undefined {
    const { applied, definition, versions } = this.#installed()
    const process = Object.hasOwn(definition.processes, name) ? definition.processes[name] : undefined
    const running = process && this.#machine(applied.hash, definition, process)
    return running && { ...running, version: versions.get(name) ?? 1 }
  }

  /** The processes that a caller has any right on. */
  processes(by: Caller): readonly ProcessView[] {
    const { applied, definition, versions } = this.#installed()
    return Object.values(definition.processes).flatMap((process) => {
      const rights = [...caseRights(by, process, definition)]
      if (rights.length === 0) return []
      const stages = Object.values(process.stages).map(({ name, title, final }) => ({ name, title, final }))
      const { name, title, portal } = process
      return [{ name, title, version: versions.get(name) ?? 1, hash: applied.hash, portal, stages, rights }]
    })
  }

  /** Makes `of` answer for these hashes. */
  async ensure(hashes: Iterable<string>): Promise<void> {
    for (const hash of new Set(hashes)) {
      if (this.#definitions.has(hash)) continue
      const definition = await loadDefinition(this.#db.pool, hash)
      if (!definition) throw new Error(`definition ${hash} of an open case is not stored`)
      this.#definitions.set(hash, definition)
    }
  }

  /** A process of a definition that was ensured. */
  of(hash: string, name: string): RunningProcess {
    const definition = this.#definitions.get(hash)
    const process = definition?.processes[name]
    if (!definition || !process) throw new Error(`process ${name} of definition ${hash} is not loaded`)
    return this.#machine(hash, definition, process)
  }

  /** The process of a case as it was when something was decided; as the case has it now where that was not kept. */
  async decidedBy(hash: string | undefined, row: { definitionHash: string; process: string }): Promise<RunningProcess> {
    const by = hash ?? row.definitionHash
    await this.ensure([by])
    return this.of(by, row.process)
  }

  #installed(): Current {
    if (!this.#current) throw new Error('no definition is installed')
    return this.#current
  }

  #machine(hash: string, definition: Definition, process: Process): RunningProcess {
    const key = `${hash} ${process.name}`
    const known = this.#machines.get(key)
    if (known) return known
    const made = { definition, definitionHash: hash, process, machine: compile(definition, process.name) }
    this.#machines.set(key, made)
    return made
  }
}

interface Current {
  readonly applied: AppliedRow
  readonly definition: Definition
  readonly versions: ReadonlyMap<string, number>
}

/** The processes of a definition that does not run, compiled once each. */
export function proposedProcesses(definition: Definition): (name: string) => RunningProcess | undefined {
  const hash = definitionHash(definition)
  const made = new Map<string, RunningProcess>()
  return (name) => {
    const process = own(definition.processes, name)
    if (!process) return undefined
    const known = made.get(name) ?? {
      definition,
      definitionHash: hash,
      process,
      machine: compile(definition, name),
    }
    made.set(name, known)
    return known
  }
}

export function definitionHash(definition: Definition): string {
  return hashOf(definition)
}

export function definitionRow(definition: Definition): { readonly hash: string; readonly body: Definition } {
  return { hash: hashOf(definition), body: definition }
}

/** What makes a version of each process: all that it says or draws on, wherever that stands in the files. */
export function contentHashes(definition: Definition): { readonly name: string; readonly contentHash: string }[] {
  return Object.values(definition.processes).map((process) => {
    const { name } = process
    const forms = Object.entries(definition.forms).filter(([, { starts, fills }]) => starts === name || fills === name)
    const content = { ...definition, processes: { [name]: process }, forms: Object.fromEntries(forms) }
    return { name, contentHash: hashOf(withoutPlaces(content)) }
  })
}

function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** The same without the places in files: moving text about makes no new version. */
function withoutPlaces(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'at' && isPlace(inner) ? undefined : inner)))
}

function isPlace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'file' in value && 'line' in value
}
