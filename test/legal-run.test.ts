import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../dsl/index.ts'
import { type Accepted, type Actor, compile, type Decision, type Definition, decide, start } from '../engine/index.ts'
import { illegal, type StoredCase } from './legal-run.ts'

const text = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see }
process job "Job" {
  access clerk: see, move
  stage one "One" {
    after 1 minute go to two
    move to done by clerk
  }
  stage two "Two" { move to one by clerk }
  final stage done "Done" success
}
`
const clerk: Actor = { kind: 'staff', id: 'c', roles: ['clerk'] }

describe('a legal run', () => {
  const { definition } = readWorkspace([{ name: 'job.zgoda', text }]) as { definition: Definition }
  const machine = compile(definition, 'job')
  const clock = { now: '2026-05-25T08:00:00.000Z' }
  const client = { consents: {} }
  const accepted = (decision: Decision) => decision as Accepted
  const begun = accepted(
    start(machine, { id: 'x', number: '1', client }, { type: 'start', by: clerk, values: {} }, clock),
  )
  const key = Object.keys(begun.state.timers)[0] ?? ''
  const fired = accepted(decide(machine, begun.state, { type: 'timer', by: { kind: 'system' }, key }, clock))
  const moved = accepted(decide(machine, fired.state, { type: 'move', by: clerk, to: 'one' }, clock))
  const stored: StoredCase = {
    caseId: 'x',
    ...moved.state,
    state: moved.state,
    held: [],
    entries: [...begun.log, ...fired.log, ...moved.log],
  }
  const last = stored.entries.length - 1

  it('is one whose entries `decide` gives again, to the state that is stored', () => {
    expect(illegal(definition, 'job', stored)).toBeUndefined()
  })

  it.each<[string, Partial<StoredCase>, RegExp]>([
    ['lacks an entry', { entries: stored.entries.slice(0, -1) }, /its history makes it/],
    ['says something twice', { entries: [...stored.entries, stored.entries[last] as never] }, /entry/],
    [
      'has a timer go off after its stage was left',
      { entries: [...begun.log, ...fired.log, ...fired.log] },
      /not pending/,
    ],
    ['ends in another stage', { stage: 'two' }, /its history makes it/],
    ['has a timer set that was cancelled', { state: { ...moved.state, timers: {} } }, /its history makes it/],
    ['holds a value that it erased', { held: ['note'] }, /still holds note/],
  ])('is none where it %s', (_, change, why) => {
    expect(illegal(definition, 'job', { ...stored, ...change })).toMatch(why)
  })
})
