import type pg from 'pg'
import type { Actor } from '../../engine/case.ts'
import type { Accepted, Effect, LogEntry } from '../../engine/decision.ts'
import { assignedToNobody, noticeOfSkipped } from '../../engine/skipped-letter.ts'
import { isId } from '../ids.ts'
import { loadWorkload, type Workload } from '../store/workload.ts'
import type { LoadedCase } from './assemble.ts'
import { remark } from './remark.ts'
import { everyRole } from './rights.ts'

type Assign = Extract<Effect, { type: 'assign' }>

interface Decided {
  readonly loaded: LoadedCase
  readonly decision: Accepted
}

/**
 * Finds the person for each `assign` of these decisions, which name a role or somebody who may have left. Where there is
 * nobody the case goes on as it was; its history says why, and those who may move it are told. A letter to the one who was to have it is skipped then.
 */
export async function settleAssignments<D extends Decided>(
  db: pg.Pool | pg.PoolClient,
  decided: readonly D[],
): Promise<readonly D[]> {
  const wanted = decided.flatMap(({ decision }) => decision.effects.filter(isAssign))
  if (wanted.length === 0) return decided
  const roles = wanted.flatMap(({ to }) => ('role' in to ? [to.role, everyRole] : []))
  const named = wanted.flatMap(({ to }) => ('person' in to && isId(to.person) ? [to.person] : []))
  const present = decided.flatMap(({ loaded }) => loaded.state.assignee ?? [])
  const staff = new Workforce(await loadWorkload(db, roles, [...named, ...present]))
  return decided.map((one) => ({ ...one, decision: settled(one, staff) }))
}

/** Whether any of these decisions looks for somebody of a role: whom it finds hangs on what others have found. */
export function seeksSomebody(decided: readonly Decided[]): boolean {
  return decided.some(({ decision }) => decision.effects.some((effect) => isAssign(effect) && 'role' in effect.to))
}

function isAssign(effect: Effect): effect is Assign {
  return effect.type === 'assign'
}

function settled({ loaded, decision }: Decided, staff: Workforce): Accepted {
  if (!decision.effects.some(isAssign)) return decision
  const { assignee: _asNamed, ...state } = decision.state
  let assignee = loaded.state.assignee
  const log = [...decision.log]
  // An assignment leaves one entry, in the order of the effects; one that names nobody leaves no effect.
  const entries = log.filter(({ type, because }) => type === 'assign' && because === undefined)
  const effects = decision.effects.map((effect): Effect => {
    if (!assignee && isToAssignee(effect)) {
      const at = log.findIndex(({ seq }) => seq === effect.seq)
      log[at] = { ...(log[at] as LogEntry), type: 'letter skipped', because: assignedToNobody }
      return noticeOfSkipped(effect.letter, state.number, effect.seq, assignedToNobody)
    }
    if (!isAssign(effect)) return effect
    const entry = entries.shift() as LogEntry
    const person = staff.find(effect.to, assignee)
    if (person) assignee = person
    log[log.indexOf(entry)] = person ? { ...entry, target: person } : unassigned(entry, effect)
    return person ? { type: 'assign', to: { person } } : notice(entry.seq, state.number, effect)
  })
  return { ...decision, state: { ...state, ...(assignee ? { assignee } : {}) }, effects, log }
}

function isToAssignee(effect: Effect): effect is Extract<Effect, { type: 'letter' }> {
  return effect.type === 'letter' && effect.to.kind === 'assignee'
}

/** Not the target of the entry as it was: a field that should name a person may hold anything. */
function unassigned({ target: _target, ...entry }: LogEntry, { to }: Assign): LogEntry {
  const because = 'role' in to ? `nobody active has the role \`${to.role}\`` : 'the person named is not active here'
  return { ...entry, ...('role' in to ? { target: to.role } : {}), because: `not assigned: ${because}` }
}

function notice(seq: number, number: string, { to }: Assign): Effect {
  const because =
    'role' in to
      ? { en: `nobody active has the role \`${to.role}\``, pl: `nikt czynny nie ma roli \`${to.role}\`` }
      : { en: 'the person named is not active here', pl: 'wskazana osoba nie jest tu czynna' }
  const text = {
    en: `Case ${number} was not assigned: ${because.en}`,
    pl: `Sprawa ${number} nie została przypisana: ${because.pl}`,
  }
  return { type: 'notify', to: { kind: 'movers' }, text, seq }
}

/** Active people, and how many open cases each has, those of the group under way counted in. */
class Workforce {
  readonly #people: Map<string, Workload & { open: number }>

  constructor(workloads: readonly Workload[]) {
    this.#people = new Map(workloads.map((one) => [one.personId, { ...one }]))
  }

  find(to: Assign['to'], present: string | undefined): string | undefined {
    const found = 'person' in to ? this.#people.get(to.person) : this.#choose(to.role, present)
    if (found && found.personId !== present) found.open += 1
    return found?.personId
  }

  /**
   * Who has the case already keeps it; else the one with the fewest open cases, among equals the one whose newest case is
   * the oldest. People who have every role are for what nobody else can take.
   */
  #choose(role: string, present: string | undefined) {
    const able = [...this.#people.values()].filter(({ roles }) => roles.includes(role))
    const people = able.length > 0 ? able : [...this.#people.values()].filter(({ roles }) => roles.includes(everyRole))
    return people.find(({ personId }) => personId === present) ?? people.toSorted(byWorkload)[0]
  }
}

function byWorkload(a: Workload, b: Workload): number {
  return a.open - b.open || (a.newest ?? '').localeCompare(b.newest ?? '')
}

/** Gives a case to somebody, or to nobody, as a person decides. */
export function assignment({ state }: LoadedCase, by: Actor, person: string | null, now: string): Accepted {
  const note = person === null ? { because: 'it is nobody’s now' } : { target: person }
  const decision = remark(state, { type: 'assign', by, ...note }, now)
  const { assignee: _before, ...rest } = decision.state
  return { ...decision, state: person === null ? rest : { ...rest, assignee: person } }
}
