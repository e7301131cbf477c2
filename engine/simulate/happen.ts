import { addressOf } from '../address.ts'
import type { Event } from '../case.ts'
import { decide } from '../decide.ts'
import type { Accepted, Decision, Effect } from '../decision.ts'
import { rolesWith } from '../rights.ts'
import { isBlank } from '../value.ts'
import { type Done, refusedBecause, type World } from './world.ts'

/** Lets something happen to the case, by the same decision that the server takes. */
export function happen(world: World, event: Event): Done {
  const { machine, state, now } = world
  if (!state) return notStarted(world)
  return carriedOut(world, decide(machine, state, event, { now }), 'values' in event ? event.values : {})
}

/** What becomes of the world by a decision; `values` are those that were brought. */
export function carriedOut(world: World, decision: Decision, values: Readonly<Record<string, unknown>>): Done {
  if (decision.outcome === 'refused') return refusedBecause(world, decision.because, decision.code)
  const brought = Object.keys(values).filter((name) => !isBlank(values[name]))
  const after = decision.effects.reduce<World>(afterEffect, { ...world, state: decision.state })
  const filled = new Set([...world.filled, ...brought, ...setIn(decision), ...Object.keys(decision.state.values)])
  const done: Done = { world: { ...after, filled }, log: decision.log }
  const erases = decision.effects.some(({ type }) => type === 'erase client')
  return erases ? followed(done, clientForgotten) : done
}

export function notStarted(world: World): Done {
  const because = 'the case has not started: begin with `start`, or with a `form` that starts it'
  return refusedBecause(world, because)
}

function setIn({ log }: Accepted): readonly string[] {
  return log.flatMap(({ type, because, fields }) => (type === 'set' && because === undefined ? (fields ?? []) : []))
}

function afterEffect(world: World, effect: Effect): World {
  const { state, machine } = world
  switch (effect.type) {
    case 'letter': {
      const to = addressOf(machine, effect.state, effect.to)
      const letter = { letter: effect.letter, ...(to !== undefined && { to }) }
      return { ...world, letters: [...world.letters, letter] }
    }
    case 'notify':
      return { ...world, notified: new Set([...world.notified, ...audienceOf(world, effect.to)]) }
    case 'assign': {
      const assignee = 'role' in effect.to ? effect.to.role : effect.to.person
      return state ? { ...world, state: { ...state, assignee } } : world
    }
    case 'start':
      return { ...world, started: world.started + 1 }
    default:
      return world
  }
}

/** What is for an assignee where there is none goes to those who may move the case. */
function audienceOf({ machine, state }: World, to: Extract<Effect, { type: 'notify' }>['to']): readonly string[] {
  switch (to.kind) {
    case 'everyone':
      return ['everyone']
    case 'role':
      return [to.role]
    case 'assignee':
      return state?.assignee === undefined ? rolesWith(machine.process, 'move') : ['assignee']
    case 'movers':
      return rolesWith(machine.process, 'move')
  }
}

/** What a step has done, with one more thing done after it. */
export function followed(done: Done, next: (world: World) => Done): Done {
  const more = next(done.world)
  return { ...more, log: [...done.log, ...more.log] }
}

/** The client is forgotten whole (GDPR Art. 17): consents end, the case forgets, and so do letters. */
export function clientForgotten(world: World): Done {
  if (world.clientErased) return { world, log: [] }
  const letters = world.letters.map(({ letter }) => ({ letter }))
  const { state, client } = world
  const erased: World = { ...world, clientErased: true, letters, client: { consents: client.consents } }
  if (!state) return { world: erased, log: [] }
  const given = Object.keys(state.client.consents).filter((purpose) => state.client.consents[purpose] === 'given')
  const told = given.reduce<Done>((done, purpose) => followed(done, (so) => ended(so, purpose)), {
    world: erased,
    log: [],
  })
  return withoutCard(followed(told, personalErased))
}

function ended(world: World, purpose: string): Done {
  const so = heard(world, purpose, 'withdrawn')
  return passed(so, happen(so, consentEvent(purpose, 'withdrawn')))
}

function personalErased(world: World): Done {
  const personal = Object.values(world.machine.process.fields).filter((field) => field.personal.length > 0)
  const fields = personal.map((field) => field.name)
  if (fields.length === 0) return { world, log: [] }
  return passed(world, happen(world, { type: 'erase', by: { kind: 'system' }, fields }))
}

/** What a case does not take is passed over: the client is erased all the same. */
function passed(world: World, done: Done): Done {
  return done.refused === undefined ? done : { world, log: [] }
}

function withoutCard(done: Done): Done {
  const { state } = done.world
  if (!state) return done
  return { ...done, world: { ...done.world, state: { ...state, client: { consents: state.client.consents } } } }
}

type Decided = Extract<Event, { type: 'consent' }>['decision']

export function consentEvent(purpose: string, decision: Decided): Event {
  return { type: 'consent', by: { kind: 'client' }, purpose, decision }
}

/** A decision that the client took outside the case stands already when the case hears of it. */
export function heard(world: World, purpose: string, decision: Decided): World {
  const { state, client } = world
  if (!state) return { ...world, client: { ...client, consents: { ...client.consents, [purpose]: decision } } }
  const consents = { ...state.client.consents, [purpose]: decision }
  return { ...world, state: { ...state, client: { ...state.client, consents } } }
}
