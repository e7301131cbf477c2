import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CaseState, type Decision, decide, type Event } from '../../engine/index.ts'
import { clinic, consentWords } from './clinic.ts'
import { client, evidence, Story, staff, system } from './story.ts'

/** What may happen to a clinic's case, likely or not, in any order. */
const happenings = fc.oneof(
  fc.record({
    type: fc.constant('move' as const),
    by: fc.constantFrom(staff('therapist'), staff('reception'), staff(), client, system),
    to: fc.constantFrom('booked', 'in_treatment', 'treated', 'stopped', 'closed', 'in_treatment?', 'start?'),
  }),
  fc.record({
    type: fc.constant('reply' as const),
    by: fc.constant(client),
    letter: fc.constantFrom('consent', 'stopped_letter', 'reminder'),
    lines: fc.array(fc.constantFrom(consentWords, 'Thank you', 'no'), { maxLength: 3 }),
    evidence: fc.constant(evidence),
  }),
  fc.record({
    type: fc.constant('consent' as const),
    by: fc.constant(client),
    purpose: fc.constantFrom('treatment', 'reminders'),
    decision: fc.constantFrom('given' as const, 'refused' as const, 'withdrawn' as const),
  }),
  fc.record({
    type: fc.constant('timer' as const),
    by: fc.constant(system),
    key: fc.constantFrom('booked.after.1', 'in_treatment.at.1', 'erase:treated.enter.1', 'in_treatment'),
  }),
  fc.record({
    type: fc.constant('fill' as const),
    by: fc.constantFrom(staff('therapist'), staff('reception'), system),
    values: fc.constantFrom<Readonly<Record<string, string | null>>>(
      { notes: 'a bad knee' },
      { visit: '2026-07-01' },
      { notes: null, visit: null },
    ),
  }),
  fc.record({ type: fc.constant('erase' as const), by: fc.constant(system), fields: fc.constant(['notes', 'mail']) }),
)

function run(events: readonly Event[]): {
  readonly states: readonly CaseState[]
  readonly decisions: readonly Decision[]
} {
  const story = new Story(clinic, 'visit', {
    values: { mail: 'jan@client.example', visit: '2026-05-20' },
    form: { name: 'book', consents: { reminders: 'given' }, evidence },
  })
  const states: CaseState[] = [story.state]
  const decisions: Decision[] = [story.last]
  for (const event of events) {
    const due = event.type === 'timer' ? story.state.timers[event.key] : undefined
    if (due !== undefined && due > story.now) story.now = due
    decisions.push(event.type === 'consent' ? story.consent(event.purpose, event.decision) : story.tell(event))
    states.push(story.state)
  }
  return { states, decisions }
}

const runs = fc.array(happenings, { maxLength: 25 })

describe('whatever happens to a clinic’s case', () => {
  it('it is in treatment only with a valid consent, and holds notes only then or after treatment', () => {
    let treated = 0
    fc.assert(
      fc.property(runs, (events) => {
        for (const { stage, client, values } of run(events).states) {
          const consented = client.consents.treatment === 'given'
          if (stage === 'in_treatment') {
            treated += 1
            expect(consented).toBe(true)
          }
          if (!consented) expect(values).not.toHaveProperty('notes')
        }
      }),
      { numRuns: 500 },
    )
    expect(treated).toBeGreaterThan(0)
  })

  it('no letter for a purpose without consent is sent, and none shows notes out of reach', () => {
    fc.assert(
      fc.property(runs, (events) => {
        for (const decision of run(events).decisions) {
          if (decision.outcome === 'refused') continue
          for (const effect of decision.effects) {
            if (effect.type !== 'letter') continue
            const { consents } = effect.state.client
            if (effect.letter === 'reminder') expect(consents.reminders).toBe('given')
            if (consents.treatment !== 'given') expect(effect.state.values).not.toHaveProperty('notes')
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('the same events give the same decisions, and the log counts on without a gap', () => {
    fc.assert(
      fc.property(runs, (events) => {
        const { states, decisions } = run(events)
        expect(run(events)).toEqual({ states, decisions })
        const log = decisions.flatMap((decision) => (decision.outcome === 'accepted' ? decision.log : []))
        expect(log.map((entry) => entry.seq)).toEqual(log.map((_, index) => index + 1))
        expect(states.at(-1)?.seq).toBe(log.length)
      }),
      { numRuns: 300 },
    )
  })

  it('the log’s moves lead from stage to stage to where the case is', () => {
    fc.assert(
      fc.property(runs, (events) => {
        const { states, decisions } = run(events)
        let stage: string | undefined
        for (const decision of decisions) {
          if (decision.outcome === 'refused') continue
          for (const { from, to, type } of decision.log) {
            if (to === undefined || type === 'ended') continue
            expect(from).toBe(stage)
            stage = to
          }
        }
        expect(stage).toBe(states.at(-1)?.stage)
      }),
      { numRuns: 300 },
    )
  })

  it('a decision leaves the state it was given as it was', () => {
    fc.assert(
      fc.property(runs, happenings, (events, event) => {
        const state = run(events).states.at(-1)
        if (!state) throw new Error('a run has a state')
        const copy = structuredClone(state)
        decide(new Story(clinic, 'visit').machine, freeze(state), event, { now: '2026-06-01T00:00:00.000Z' })
        expect(state).toEqual(copy)
      }),
      { numRuns: 100 },
    )
  })
})

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(Object.freeze(value))) freeze(each)
  return value
}
