import type { CaseState, Migrated, Value, Values } from '../case.ts'
import { type Clock, carryOut, defaultsOf } from '../decide.ts'
import type { Decision, Refused } from '../decision.ts'
import type { Field, Process } from '../definition.ts'
import { anything, type Machine } from '../machine.ts'
import { endedCase } from '../moves.ts'
import { own } from '../named.ts'
import { inReach } from '../reach.ts'
import { refuse } from '../refuse.ts'
import { begin, changed, erased, filled, noted, type Turn } from '../turn.ts'
import { isBlank, parseValue } from '../value.ts'
import { placeInWords } from '../wording.ts'
import { type Succession, successionOf } from './succession.ts'
import { erasuresLeft, retimed } from './timers.ts'

/** Decides what becomes of an open case that goes on by another version. */
export type Migration = (state: CaseState, event: Migrated, clock: Clock) => Decision

/**
 * Prepares the way from one version of a process to another. The case keeps its stage, or goes on in the one that `was` it; values that
 * the later version has no field for are erased; new fields get their defaults; timers are set as if the later version had been there, but what has gone off does
 * not go off again. Then whatever holds at once in the later version happens: rules `when`, and consents that a stage needs.
 * Refused are stages without an heir, values that their field can't hold any more, and erasures that would be forgotten.
 */
export function migration(from: Machine, to: Machine): Migration {
  const succession = successionOf(from.process, to.process)
  return (state, event, { now }) => {
    if (state.ended !== 'no') return endedCase(from, state)
    const stage = succession.stage(state.stage)
    if (stage === undefined) return noHeir(from.process, to.process, state.stage)
    const values = valuesFor(from.process, to, state)
    if ('outcome' in values) return values
    const erasures = erasuresLeft(from, to, succession, state)
    if ('outcome' in erasures) return erasures
    const moved = movedTo(stage, succession, { ...state, values: values.kept })
    const renamed = stage === state.stage ? {} : { from: state.stage, to: stage }
    const note = { type: 'migrated', target: `${event.from} → ${event.to}`, ...renamed } as const
    let turn = begin(moved, event, now, note)
    turn = forgotten(turn, goneFrom(from.process, to.process, state))
    turn = retimed(from, to, succession, turn, { before: state, erasures })
    turn = filled(turn, defaultsOf(to, turn.state, newIn(from.process, to.process), now))
    turn = ended(to, turn)
    return carryOut(to, turn.state, { turn, tell: anything })
  }
}

function noHeir(before: Process, after: Process, stage: string): Refused {
  const at = own(before.stages, stage)?.at ?? after.at
  const next = Object.values(after.stages).find(({ name, was }) => was === undefined && !own(before.stages, name))
  const because = `stage \`${stage}\` is gone (${placeInWords(at)}): write \`was ${stage}\` at the stage that its cases go on in, as in \`stage ${next?.name ?? 'next'} was ${stage}\``
  return refuse('not-declared', because, at)
}

/**
 * The values that the later version can hold. Left out are those it has no field for or no ground to hold, and what was entrusted for a
 * purpose and would now be nobody's data.
 */
function valuesFor(
  before: Process,
  after: Machine,
  { values, client }: CaseState,
): { readonly kept: Values } | Refused {
  const kept: Record<string, Value> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = own(after.process.fields, name)
    if (!field || isBlank(value) || isReleased(own(before.fields, name), field)) continue
    if (!inReach(after.definition, field, client.consents)) continue
    const parsed = parseValue(field.type, value)
    if ('problem' in parsed) {
      const because = `field \`${name}\` holds what it can't hold in the new version (${placeInWords(field.at)}): keep what it may be, or give the field another name`
      return refuse('invalid-value', because, field.at, [name])
    }
    kept[name] = parsed.value
  }
  return { kept }
}

function movedTo(stage: string, succession: Succession, state: CaseState): CaseState {
  const visited = state.visited.flatMap((name) => succession.stage(name) ?? [])
  const fired = state.fired.flatMap((id) => {
    const heir = succession.rules.get(id)
    return heir?.sameCondition ? [heir.after.id] : []
  })
  return { ...state, stage, visited: [...new Set([...visited, stage])], fired }
}

function isReleased(before: Field | undefined, after: Field): boolean {
  return before !== undefined && before.personal.length > 0 && after.personal.length === 0
}

/** Fields that are gone: personal ones whatever the case shows of them, for what is out of reach is kept too. */
function goneFrom(before: Process, after: Process, { values }: CaseState): readonly string[] {
  return Object.values(before.fields)
    .filter((field) => {
      const heir = own(after.fields, field.name)
      if (heir) return isReleased(field, heir)
      return field.personal.length > 0 || own(values, field.name) !== undefined
    })
    .map(({ name }) => name)
}

function forgotten(turn: Turn, fields: readonly string[]): Turn {
  return fields.length === 0
    ? turn
    : erased(turn, fields, { by: turn.event.by, because: 'the new version does not hold it' })
}

function newIn(before: Process, after: Process): readonly string[] {
  return Object.keys(after.fields).filter((name) => !own(before.fields, name))
}

/** A stage that has become an end ends the case. */
function ended(to: Machine, turn: Turn): Turn {
  const stage = own(to.process.stages, turn.state.stage)
  if (!stage?.final) return turn
  return noted(changed(turn, { ended: stage.success ? 'success' : 'other' }), { type: 'ended', to: stage.name })
}
