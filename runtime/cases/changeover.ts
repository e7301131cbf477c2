import type { CaseState, Migrated, Values } from '../../engine/case.ts'
import type { Accepted, Decision } from '../../engine/decision.ts'
import { type Migration, migration, type Succession, successionOf } from '../../engine/index.ts'
import { refuse } from '../../engine/refuse.ts'
import type { CaseRow } from '../store/cases.ts'
import type { Vault } from '../vault/vault.ts'
import { assemble, type LoadedCase } from './assemble.ts'
import type { RunningProcess } from './versions.ts'

/** What becomes of one open case that goes on by another version. */
export interface Changed {
  /** The case as the later version finds it, before anything becomes of it. */
  readonly loaded: LoadedCase
  readonly decision: Decision
}

/**
 * Takes open cases of one process over to another version of it, each from the version that it runs on. Pure: nothing
 * happens to a case until its decision is stored.
 */
export class Changeover {
  readonly #to: RunningProcess
  readonly #version: number
  readonly #vault: Vault
  readonly #ways = new Map<string, Way>()

  constructor(to: RunningProcess, version: number, vault: Vault) {
    this.#to = to
    this.#version = version
    this.#vault = vault
  }

  /** `from` is what the case runs on now. */
  change(row: CaseRow, from: RunningProcess, by: Migrated['by'], now: string): Changed {
    const loaded = assemble(row, this.#to, this.#vault)
    const decision = this.#decide(loaded, from, { type: 'migrate', by, from: row.version, to: this.#version }, now)
    return { loaded: { ...loaded, state: withoutNewlyPersonal(loaded.state, from, this.#to) }, decision }
  }

  /** The stage that the case's own becomes, before any rule. */
  heirOf(row: CaseRow, from: RunningProcess): string | undefined {
    return this.#way(from).succession.stage(row.stage)
  }

  #decide(loaded: LoadedCase, from: RunningProcess, event: Migrated, now: string): Decision {
    if (!loaded.row.client && holdsPersonal(this.#to)) {
      const { name, at } = this.#to.process
      const because = `the new version of \`${name}\` holds personal data and these cases have no client: end them first, or let new cases alone start by it`
      return refuse('not-declared', because, at)
    }
    const decision = this.#way(from).migrate(loaded.state, event, { now })
    return decision.outcome === 'accepted' && erasesClient(decision) ? tooMuchAtOnce(this.#to) : decision
  }

  /** Worked out once for each version that cases come from. */
  #way(from: RunningProcess): Way {
    const known = this.#ways.get(from.definitionHash)
    if (known) return known
    const way = {
      migrate: migration(from.machine, this.#to.machine),
      succession: successionOf(from.process, this.#to.process),
    }
    this.#ways.set(from.definitionHash, way)
    return way
  }
}

interface Way {
  readonly migrate: Migration
  readonly succession: Succession
}

/** What is personal from now on has to be sealed: for the write it was not there before. */
function withoutNewlyPersonal(state: CaseState, from: RunningProcess, to: RunningProcess): CaseState {
  const values: Values = Object.fromEntries(
    Object.entries(state.values).filter(([name]) => {
      const wasPersonal = (from.process.fields[name]?.personal.length ?? 0) > 0
      return wasPersonal || (to.process.fields[name]?.personal.length ?? 0) === 0
    }),
  )
  return { ...state, values }
}

function holdsPersonal({ process }: RunningProcess): boolean {
  return Object.values(process.fields).some(({ personal }) => personal.length > 0)
}

function erasesClient({ effects }: Accepted): boolean {
  return effects.some(({ type }) => type === 'erase client')
}

function tooMuchAtOnce({ process: { name, at } }: RunningProcess): Decision {
  const because = `a rule of the new version of \`${name}\` would erase their clients at once: give it a condition that comes true later`
  return refuse('condition-not-met', because, at)
}
