import { addDuration } from '../calendar.ts'
import type { Actor } from '../case.ts'
import { start } from '../decide.ts'
import type { Decided, Duration, Named } from '../definition.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'
import { rolesWith } from '../rights.ts'
import { placeInWords } from '../wording.ts'
import { carriedOut, clientForgotten, consentEvent, followed, happen, heard, notStarted } from './happen.ts'
import type { StepBody, Written } from './scenario.ts'
import { passTime } from './timers.ts'
import { clientOf, type Done, nothingDone, refusedBecause, somebody, type World } from './world.ts'

type Of<K extends StepBody['kind']> = Extract<StepBody, { kind: K }>

/** The case starts by hand; where no role may start one, as another process or a program would start it. */
export function started(world: World, values: Named<Written>): Done {
  const { machine, state } = world
  const byHand = rolesWith(machine.process, 'move').length > 0
  const by: Actor = byHand ? somebody(machine.definition) : { kind: 'system' }
  const event = { type: 'start', by, values } as const
  if (state) return happen(world, event)
  return carriedOut(world, start(machine, newCase(world), event, { now: world.now }), values)
}

function newCase(world: World) {
  return { id: 'case-1', number: '1', client: world.client }
}

/** The client sends a form in the portal: one that starts the case, or one that fills it. */
export function formSent(world: World, { form: name, values, consents }: Of<'form'>): Done {
  const { machine, state } = world
  const { process, definition } = machine
  if (!process.portal) {
    const because = `clients send no forms of process \`${process.name}\`: it is not shown in the portal (${placeInWords(process.at)})`
    return refusedBecause(world, because)
  }
  const by: Actor = { kind: 'client' }
  const evidence = { channel: 'form', form: name }
  if (state) return happen(world, { type: 'form', by, form: name, values, consents, evidence })
  if (own(definition.forms, name)?.starts !== process.name) return notStarted(world)
  const answered = { ...newCase(world), form: { name, consents, evidence } }
  return carriedOut(world, start(machine, answered, { type: 'start', by, values }, { now: world.now }), values)
}

/** The client decides outside the case: in the portal, on paper, in another case, or before there is one. */
export function consentDecided(world: World, purpose: string, decision: Decided): Done {
  const { definition } = world.machine
  const declared = own(definition.purposes, purpose)
  if (declared && !restsOnConsent(declared)) {
    const because = `purpose \`${purpose}\` rests on ${declared.basis}, not on consent (${placeInWords(declared.at)}): there is nothing to give, refuse or withdraw`
    return refusedBecause(world, because)
  }
  if (world.clientErased) return refusedBecause(world, 'the client was erased: nothing is recorded for them any more')
  if (own(clientOf(world).consents, purpose) === decision) return nothingDone(world, 'it stands already')
  const so = heard(world, purpose, decision)
  return world.state ? happen(so, consentEvent(purpose, decision)) : { world: so, log: [] }
}

export function casesDone(world: World): Done {
  if (world.state && world.started === 0) {
    return refusedBecause(world, 'the case has started no other: there is none that could have ended')
  }
  return happen(world, { type: 'cases done', by: { kind: 'system' } })
}

/** Time passes, by the workspace's calendar where it is working time. */
export function waited(world: World, duration: Duration): Done {
  return passTime(world, addDuration(world.now, duration, world.machine.definition.hours))
}

/** A person erases fields of the case, then the client whole. */
export function erasedByHand(world: World, { fields, client }: Of<'erase'>): Done {
  const { definition } = world.machine
  const by = somebody(definition)
  const done = fields.length > 0 ? happen(world, { type: 'erase', by, fields }) : { world, log: [] }
  if (!client || done.refused !== undefined) return done
  if (!Object.values(definition.roles).some((role) => role.clients.includes('erase'))) {
    return refusedBecause(world, 'erasing a client needs a role with `clients: erase`, and no role has it')
  }
  return followed(done, clientForgotten)
}
