import type { LogEntry } from '../decision.ts'
import type { Machine } from '../machine.ts'
import { casesDone, consentDecided, erasedByHand, formSent, started, waited } from './deeds.ts'
import { type Difference, differences } from './expect.ts'
import { happen } from './happen.ts'
import { type OwnWords, replied } from './reply.ts'
import type { Scenario, Step } from './scenario.ts'
import { passTime } from './timers.ts'
import { type Done, newWorld, somebody, type World } from './world.ts'

/** A step that was taken, and what it came to. */
export interface Told {
  readonly step: Step
  readonly log: readonly LogEntry[]
  /** Why it was refused, as it must be. */
  readonly refused?: string
  /** Why nothing happened, where that is no refusal. */
  readonly nothing?: string
}

/** How a scenario went: up to its end, or to the step that failed, which is the last one of `story`. */
export interface Telling {
  readonly story: readonly Told[]
  readonly failure?: Failure
  /** Stages that the case has been in. */
  readonly visited: readonly string[]
}

/** Why a scenario does not come true. */
export type Failure =
  /** A step was refused that had to go through. */
  | { readonly kind: 'refused'; readonly step: Step; readonly because: string }
  /** A step had to be refused, and went through, or was refused for another reason. */
  | { readonly kind: 'not refused'; readonly step: Step; readonly wanted: string; readonly because?: string }
  | { readonly kind: 'different'; readonly step: Step; readonly differences: readonly Difference[] }

/**
 * Plays a scenario on the compiled process itself: the same decisions as on a server, on a clock that only `wait` moves. Pure.
 * `ownWords` takes quotation, greeting and signature off a letter's text.
 */
export function simulate(machine: Machine, scenario: Scenario, ownWords: OwnWords): Telling {
  const story: Told[] = []
  let world = newWorld(machine, scenario)
  for (const step of scenario.steps) {
    const { done, failure } = take(world, step, ownWords)
    story.push(toldOf(step, done))
    world = done.world
    if (failure) return { story, failure, visited: visitedIn(world) }
  }
  return { story, visited: visitedIn(world) }
}

function visitedIn({ state }: World): readonly string[] {
  return state?.visited ?? []
}

function toldOf(step: Step, { log, refused, nothing }: Done): Told {
  return { step, log, ...(refused !== undefined && { refused }), ...(nothing !== undefined && { nothing }) }
}

function take(world: World, step: Step, ownWords: OwnWords): { readonly done: Done; readonly failure?: Failure } {
  if (step.kind === 'expect') return expected(world, step)
  const tried = deed(world, step, ownWords)
  const done = tried.refused === undefined ? settled(tried) : tried
  const failure = failureOf(step, done)
  // Whatever is refused has not happened.
  return { done: done.refused === undefined ? done : { ...done, world }, ...(failure && { failure }) }
}

/** What is due at once goes off before the next step. */
function settled(done: Done): Done {
  const next = passTime(done.world, done.world.now)
  return { ...done, ...next, log: [...done.log, ...next.log] }
}

function failureOf(step: Step, { refused: because, code, nothing }: Done): Failure | undefined {
  const { refused: wanted } = step
  if (wanted === undefined) return because === undefined ? undefined : { kind: 'refused', step, because }
  const reason = because ?? nothing
  if (reason !== undefined && (code === wanted || holds(reason, wanted))) return undefined
  return { kind: 'not refused', step, wanted, ...(reason !== undefined && { because: reason }) }
}

function holds(reason: string, wanted: string): boolean {
  return reason.toLowerCase().includes(wanted.toLowerCase().trim())
}

function expected(world: World, step: Extract<Step, { kind: 'expect' }>): { done: Done; failure?: Failure } {
  const found = differences(world, step.expected)
  const done: Done = { world, log: [] }
  if (found.length === 0 && step.refused === undefined) return { done }
  if (step.refused === undefined) return { done, failure: { kind: 'different', step, differences: found } }
  const words = found.map(({ what, wanted, found: other }) => `${what}: expected ${wanted}, found ${other}`).join('; ')
  const failure = failureOf(step, found.length === 0 ? done : { ...done, refused: words })
  return { done, ...(failure && { failure }) }
}

function deed(world: World, step: Exclude<Step, { kind: 'expect' }>, ownWords: OwnWords): Done {
  const { definition } = world.machine
  switch (step.kind) {
    case 'start':
      return started(world, step.values)
    case 'move':
      return happen(world, { type: 'move', by: somebody(definition, step.by), to: step.to })
    case 'fill':
      return happen(world, { type: 'fill', by: somebody(definition), values: step.values })
    case 'reply':
      return replied(world, step, ownWords)
    case 'form':
      return formSent(world, step)
    case 'consent':
      return consentDecided(world, step.purpose, step.decision)
    case 'signal':
      return happen(world, { type: 'signal', by: { kind: 'system' }, signal: step.signal })
    case 'cases done':
      return casesDone(world)
    case 'wait':
      return waited(world, step.duration)
    case 'erase':
      return erasedByHand(world, step)
  }
}
