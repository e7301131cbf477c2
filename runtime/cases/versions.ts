import { createHash } from 'node:crypto'
import type { Definition, Process } from '../../engine/definition.ts'
import { compile, type Machine } from '../../engine/index.ts'
import type { Caller, ProcessView } from '../http/ports.ts'
import type { Database } from '../store/database.ts'
import { installDefinition, latestDefinition, loadDefinition } from '../store/versions.ts'
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
  #current:
    | { readonly hash: string; readonly definition: Definition; readonly versions: Map<string, number> }
    | undefined

  constructor(db: Database) {
    this.#db = db
  }

  /** Makes a definition the one that new cases start with. */
  async install(definition: Definition, at: string): Promise<void> {
    const hash = hashOf(definition)
    const processes = Object.values(definition.processes).map((process) => ({
      name: process.name,
      contentHash: hashOf(withoutPlaces({ ...definition, processes: { [process.name]: process }, forms: {} })),
    }))
    const rows = await installDefinition(this.#db.pool, { hash, body: definition }, processes, at)
    this.#definitions.set(hash, definition)
    this.#current = { hash, definition, versions: new Map(rows.map((row) => [row.process, row.version])) }
  }

  /** Takes up the definition that was installed last, and installs nothing. Answers whether there is one. */
  async adopt(): Promise<boolean> {
    const latest = await latestDefinition(this.#db.pool)
    if (!latest) return false
    this.#definitions.set(latest.hash, latest.definition)
    this.#current = { ...latest, versions: new Map() }
    return true
  }

  definition(): Definition {
    return this.#installed().definition
  }

  /** The version of a process that new cases start with; undefined where there is no such process. */
  current(name: string): CurrentProcess | undefined {
    const { hash, definition, versions } = this.#installed()
    const process = Object.hasOwn(definition.processes, name) ? definition.processes[name] : undefined
    const running = process && this.#machine(hash, definition, process)
    return running && { ...running, version: versions.get(name) ?? 1 }
  }

  /** The processes that a caller has any right on. */
  processes(by: Caller): readonly ProcessView[] {
    const { hash, definition, versions } = this.#installed()
    return Object.values(definition.processes).flatMap((process) => {
      const rights = [...caseRights(by, process, definition)]
      if (rights.length === 0) return []
      const stages = Object.values(process.stages).map(({ name, title, final }) => ({ name, title, final }))
      const { name, title, portal } = process
      return [{ name, title, version: versions.get(name) ?? 1, hash, portal, stages, rights }]
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

  #installed() {
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
