import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transition } from 'xstate'
import { compile } from '../../engine/index.ts'
import { begin } from '../../engine/turn.ts'
import { clinic } from './clinic.ts'
import { florist } from './florist.ts'
import { Story } from './story.ts'

describe('a compiled process', () => {
  it('is plain data that opens in other tools', () => {
    for (const machine of [compile(florist, 'order'), compile(clinic, 'visit')]) {
      expect(JSON.parse(JSON.stringify(machine.plan))).toEqual(machine.plan)
    }
  })

  it('has a state a stage, and a choice before one that needs a consent', () => {
    const { states } = compile(clinic, 'visit').plan
    expect(Object.keys(states)).toEqual([
      'start?',
      'booked',
      'in_treatment?',
      'in_treatment',
      'treated',
      'stopped',
      'closed',
    ])
    expect(states['in_treatment?']?.always).toEqual([
      {
        guard: { type: 'lacks', params: { purpose: 'treatment' } },
        target: 'stopped',
        actions: { type: 'act', params: { needs: 'treatment', enter: 'stopped' } },
      },
      { target: 'in_treatment', actions: { type: 'act', params: { enter: 'in_treatment' } } },
    ])
    const into = Object.entries(states).flatMap(([name, state]) =>
      [...Object.values(state.on ?? {}).flat(), ...(state.always ?? [])]
        .filter((each) => each.target === 'in_treatment')
        .map(() => name),
    )
    expect(into).toEqual(['in_treatment?'])
  })

  it('that nobody declared can’t be compiled', () => {
    expect(() => compile(florist, 'visit')).toThrow('the workspace has no process `visit`')
    expect(() => compile(florist, 'constructor')).toThrow('the workspace has no process `constructor`')
  })

  it('reacts as XState’s own transition does', () => {
    const story = new Story(florist, 'order', { values: { bouquet: 'roses', price: 5, paid: true } })
    const { machine } = story
    const events = [
      'reply',
      'timer.waiting.after.1',
      'move.cancelled',
      'move.delivered',
      'anything',
      'consent.allergies.given',
    ]
    const answers = fc.constantFrom('none', 'given', 'refused', 'withdrawn') as fc.Arbitrary<'none' | 'given'>
    fc.assert(
      fc.property(
        fc.constantFrom(...machine.stages.keys()),
        fc.constantFrom(...events),
        fc.constantFrom('I agree', 'no', 'hello'),
        answers,
        (stage, name, line, allergies) => {
          const state = { ...story.state, stage, client: { consents: { allergies } } }
          const by = { kind: 'staff', id: 'ada', roles: ['florist', 'manager'] } as const
          const event = { type: 'reply', by, letter: 'ask_consent', lines: [line], evidence: {} } as const
          const context = { turn: begin(state, event, story.now, { type: 'reply' }, {}) }
          const ours = machine.react({ ...machine.rest(stage), context }, name)
          const resolved = machine.chart.resolveState({ value: stage, context })
          const [theirs] = transition(machine.chart, resolved, { type: name })
          expect(ours.value).toEqual(theirs.value)
          expect(ours.context).toEqual(theirs.context)
        },
      ),
      { numRuns: 300 },
    )
  })
})
