import type { CaseState, Migrated, Value, Values } from '../case.ts'
import { type Clock, carryOut, defaultsOf } from '../decide.ts'
import type { Decision, Refused } from '../decision.ts'
import type { Process } from '../definition.ts'
import { anything, type Machine } from '../machine.ts'
import { endedCase } from '../moves.ts'
import { own } from '../named.ts'
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
    const values = valuesFor(to.process, state.values)
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
  const because = `stage \`${stage}\` is gone (${placeInWords(at)}): write \`was ${stage}\` at the stage that its cases go on in, as in \`stage next was ${stage}\``
  return refuse('not-declared', because, at)
}

/** The values that the later version can hold. Those it has no field for are left out. */
function valuesFor(after: Process, values: Values): { readonly kept: Values } | Refused {
  const kept: Record<string, Value> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = own(after.fields, name)
    if (!field || isBlank(value)) continue
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
    const pair = succession.rules.get(id)
    const same = pair && JSON.stringify(pair.before.when) === JSON.stringify(pair.after.when)
    return same ? [pair.after.id] : []
  })
  return { ...state, stage, visited: [...new Set([...visited, stage])], fired }
}

/** Fields that are gone: personal ones whatever the case shows of them, for what is out of reach is kept too. */
function goneFrom(before: Process, after: Process, { values }: CaseState): readonly string[] {
  return Object.values(before.fields)
    .filter(({ name }) => !own(after.fields, name))
    .filter(({ name, personal }) => personal.length > 0 || own(values, name) !== undefined)
    .map(({ name }) => name)
}

function forgotten(turn: Turn, fields: readonly string[]): Turn {
  return fields.length === 0
    ? turn
    : erased(turn, fields, { by: turn.event.by, because: 'the new version has no such field' })
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
