import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { compile, type Definition } from '../../../engine/index.ts'
import { toXStateConfig } from '../../../engine/render/xstate-json.ts'
import { readExample } from '../examples.ts'
import { strange } from './strange.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

const processes: [string, Definition][] = [
  ['order', florist],
  ['withdrawal', florist],
  ['visit', clinic],
  ['state', strange],
]

const machineOf = (definition: Definition, process: string) => {
  const config = toXStateConfig(compile(definition, process))
  expect(JSON.parse(JSON.stringify(config))).toEqual(config)
  return createMachine(config)
}

describe('a process as XState JSON', () => {
  it.each(processes)(
    '`%s` is a machine to XState, with the states and transitions of the one that runs',
    (process, definition) => {
      const { plan } = compile(definition, process)
      const machine = machineOf(definition, process)
      expect(machine.id).toBe(process)
      expect(Object.keys(machine.states)).toEqual(Object.keys(plan.states))
      for (const [name, { on = {}, always = [] }] of Object.entries(plan.states)) {
        const read = machine.states[name]
        const targets = (event: string) => read?.on[event]?.map(({ target }) => target?.[0]?.key)
        for (const [event, transitions] of Object.entries(on)) {
          expect(targets(event), `${name} on ${event}`).toEqual(transitions.map(({ target }) => target))
        }
        expect(Object.keys(read?.on ?? {})).toEqual(Object.keys(on))
        expect(read?.always?.map(({ target }) => target?.[0]?.key) ?? []).toEqual(always.map(({ target }) => target))
      }
    },
  )

  it('names guards and actions by what the text of the process says', () => {
    const [first] = toXStateConfig(compile(florist, 'order')).states.waiting?.on?.reply ?? []
    expect(first).toEqual({
      guard: 'to ask_consent saying "I agree" or "zgadzam się"',
      actions: ['record consent to allergies'],
      description: expect.stringMatching(/^order\.zgoda:\d+$/),
    })
    const [move] = toXStateConfig(compile(florist, 'order')).states.arranging?.on?.['move.delivered'] ?? []
    expect(move).toMatchObject({
      target: 'delivered',
      guard: 'by florist when paid and price > 0',
      actions: ['send receipt to client', 'erase allergy', 'erase address, contact after 30 days'],
    })
  })

  it('shows the choice before a stage that needs a consent', () => {
    const { states } = toXStateConfig(compile(clinic, 'visit'))
    expect(states['in_treatment?']?.always?.map(({ target, guard }) => [target, guard])).toEqual([
      ['stopped', 'no consent to treatment'],
      ['in_treatment', undefined],
    ])
    expect(states.in_treatment?.always?.[0]).toMatchObject({ target: 'stopped', guard: 'no consent to treatment' })
  })

  it('knows ends, and which of them count as success', () => {
    const { states } = toXStateConfig(compile(clinic, 'visit'))
    expect(states.treated).toEqual({ description: 'Treated', type: 'final', tags: ['success'] })
    expect(states.closed).toEqual({ description: 'Closed', type: 'final' })
  })
})
