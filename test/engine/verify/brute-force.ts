import { type Definition, inReach, type Process, type Rule } from '../../../engine/index.ts'
import { type Explored, explore, type Step } from './explore.ts'
import { actionsIn, rulesIn } from './expressions.ts'
import { reachedFrom, reaching } from './graph.ts'
import { type World, withAccess } from './happenings.ts'
import { refusalsThatHarm } from './refusals.ts'

/**
 * What holds of a process, found by running the real engine through every concrete case it can have: slow, plain, and made
 * from docs/proofs.md alone, so that the verifier can be held against it.
 */

/**
 * Something found, at a place by name: a stage; a rule's id; an action as `OWNER #n`, where its owner is a rule's id,
 * `STAGE.enter` or `STAGE.leave`; `STAGE FIELD` where a stage requires or shows a field; a purpose (Z403); a field (Z407); the
 * process (Z418).
 */
export interface Told {
  readonly code: string
  readonly at: string
}

export interface Answer {
  readonly told: readonly Told[]
  readonly reached: ReadonlySet<string>
  /** Stages in which a case can be with no way to any end. */
  readonly doomed: ReadonlySet<string>
  /** How many states there were. */
  readonly size: number
}

/** Explores each process of a workspace by itself; undefined for those with more than `most` states. */
export function bruteForce(definition: Definition, processName: string, most = 5000): Answer | undefined {
  const everybody = withAccess(definition)
  const process = everybody.processes[processName]
  if (!process) throw new Error(`there is no process ${processName}`)
  const explored = explore(everybody, process, 'reachable', most)
  if (!explored) return undefined
  const { observed } = explored
  const endless = [...observed.endless].map((stage) => told('Z304', stage))
  const success = [...numbersOf(explored)].filter((at) => explored.rests[at]?.state.ended === 'success')
  const alone = success.length > 0 ? explore(everybody, process, 'unreachable', most) : undefined
  const doomed = doomedIn(explored)
  const neverLeft = stagesNeverLeft(explored)
  return {
    told: [
      ...Object.keys(process.stages).flatMap((stage) => (observed.entered.has(stage) ? [] : [told('Z301', stage)])),
      ...neverLeft.map((stage) => told('Z302', stage)),
      ...stuckStages(explored, doomed, neverLeft).map((stage) => told('Z303', stage)),
      ...endless,
      ...rulesBeaten(explored),
      ...conditionsNeverTrue(explored),
      ...requiredInVain(explored),
      ...[...observed.outOfReach].map((owner) => told('Z402', owner)),
      ...shownInVain(explored),
      ...refusalsThatHarm(explored, success).map((purpose) => told('Z403', purpose)),
      ...keptForEver(explored),
      ...(alone && !alone.rests.some(({ state }) => state.ended === 'success') ? [told('Z418', process.name)] : []),
    ],
    reached: observed.entered,
    doomed: new Set([...doomed].map((at) => stageOf(explored, at))),
    size: explored.rests.length,
  }
}

const told = (code: string, at: string): Told => ({ code, at })

function* numbersOf({ rests }: Explored): Iterable<number> {
  for (let at = 0; at < rests.length; at++) yield at
}

function stageOf({ rests }: Explored, at: number): string {
  return rests[at]?.state.stage ?? ''
}

function openStages({ process }: World): readonly string[] {
  return Object.values(process.stages).flatMap((stage) => (stage.final ? [] : [stage.name]))
}

function stagesNeverLeft({ world, observed }: Explored): readonly string[] {
  return openStages(world).filter((stage) => observed.entered.has(stage) && !observed.left.has(stage))
}

function doomedIn(explored: Explored): ReadonlySet<number> {
  const ends = [...numbersOf(explored)].filter((at) => explored.rests[at]?.state.ended !== 'no')
  const saved = reaching(explored, ends, () => true)
  return new Set([...numbersOf(explored)].filter((at) => !saved.has(at)))
}

/** The stages where doomed cases finally stay: those from which each state can come back. */
function stuckStages(explored: Explored, doomed: ReadonlySet<number>, neverLeft: readonly string[]): readonly string[] {
  const stuck = new Set<string>()
  const settled = new Set<number>()
  for (const at of doomed) {
    if (settled.has(at)) continue
    const after = reachedFrom([at], (each) => explored.steps[each] ?? [])
    const last = [...after].every((each) => reachedFrom([each], (one) => explored.steps[one] ?? []).has(at))
    if (!last) continue
    for (const each of after) settled.add(each)
    const stages = [...after].map((each) => stageOf(explored, each))
    if (!stages.some((stage) => neverLeft.includes(stage))) for (const stage of stages) stuck.add(stage)
  }
  return [...stuck]
}

function rulesBeaten({ world, observed, rests }: Explored): readonly Told[] {
  const { fired, held, elapsed } = observed
  const isBeaten = ({ id, trigger }: Rule) => {
    if (held.has(id)) return !fired.has(id)
    const isPending = trigger.kind === 'after' && rests.some(({ state }) => id in state.timers)
    return isPending && !elapsed.has(id)
  }
  return rulesIn(world.process)
    .filter(isBeaten)
    .map(({ id }) => told('Z306', id))
}

function conditionsNeverTrue({ world, observed }: Explored): readonly Told[] {
  const { looked, held } = observed
  const never = (name: string) => looked.has(name) && !held.has(name)
  const ofRules = rulesIn(world.process).flatMap(({ id }) => (never(id) ? [id] : []))
  const ofActions = actionsIn(world.process).flatMap(({ owner, actions }) =>
    actions.map((_, index) => `${owner} #${index + 1}`).filter(never),
  )
  return [...ofRules, ...ofActions].map((name) => told('Z307', name))
}

function requiredInVain(explored: Explored): readonly Told[] {
  const { world, rests } = explored
  return Object.values(world.process.stages).flatMap(({ name, require }) => {
    const here = rests.filter(({ state }) => state.stage === name)
    return require
      .filter(({ field }) => here.length > 0 && !here.some(({ state }) => isUsable(world, state, field)))
      .map(({ field }) => told('Z308', `${name} ${field}`))
  })
}

type State = Explored['rests'][number]['state']

function isUsable({ definition, process }: World, { values, client }: State, name: string): boolean {
  const field = process.fields[name]
  return field !== undefined && values[name] !== undefined && inReach(definition, field, client.consents)
}

/** Fields of consents alone that a stage shows to nobody, as nobody who comes for the first time can have consented there. */
function shownInVain(explored: Explored): readonly Told[] {
  const { world, rests, steps, beginnings } = explored
  const { definition, process, askedElsewhere } = world
  const isNew = (consents: State['client']['consents']) =>
    world.purposes.every((each) => askedElsewhere.has(each) || ['none', 'refused'].includes(consents[each] ?? 'none'))
  const first = reachedFrom(
    beginnings.filter(({ consents }) => isNew(consents)).map(({ to }) => to),
    (at) => (steps[at] ?? []).filter(({ givenOutside: given }) => given === undefined || askedElsewhere.has(given)),
  )
  return Object.values(process.stages).flatMap(({ name, show, edit }) => {
    const here = [...first].flatMap((at) => rests[at]?.state ?? []).filter(({ stage }) => stage === name)
    const fields = new Set([...show, ...edit].map(({ field }) => field))
    return [...fields].flatMap((each) => {
      const field = process.fields[each]
      if (!field || here.length === 0) return []
      const isShown = here.some(({ client }) => inReach(definition, field, client.consents))
      return isShown ? [] : [told('Z402', `${name} ${each}`)]
    })
  })
}

/** Personal fields that a case ends with, with no erasure due, of which a purpose says no limit. */
function keptForEver(explored: Explored): readonly Told[] {
  const { world, rests, steps, beginnings } = explored
  const limitless = Object.values(world.process.fields).filter(({ personal }) =>
    personal.some((purpose) => world.definition.purposes[purpose]?.keep === undefined),
  )
  const ended = new Set<State>()
  const look = ({ to }: Step, from: State | undefined) => {
    const state = rests[to]?.state
    if (state && state.ended !== 'no' && from?.ended !== state.ended) ended.add(state)
  }
  for (const each of beginnings) look(each, undefined)
  for (const [from, each] of steps.entries()) for (const step of each) look(step, rests[from]?.state)
  const kept = limitless.filter(({ name }) =>
    [...ended].some((state) => state.values[name] !== undefined && !isErasureDue(world.process, state, name)),
  )
  return kept.map(({ name }) => told('Z407', name))
}

/** Whether a pending timer will erase a field. Each list of actions is known by its owner, with a probe before each action. */
function isErasureDue(process: Process, { timers }: State, field: string): boolean {
  return actionsIn(process).some(({ owner, actions }) =>
    actions.some(
      (action, index) =>
        action.kind === 'erase' &&
        action.after !== undefined &&
        action.fields.includes(field) &&
        `erase:${owner}.${2 * index + 2}` in timers,
    ),
  )
}
