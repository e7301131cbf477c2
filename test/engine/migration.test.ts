import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../dsl/workspace.ts'
import { type Accepted, type CaseState, compile, decide, type Machine, migration, start } from '../../engine/index.ts'

const now = '2026-06-01T10:00:00Z'
const later = '2026-06-03T10:00:00Z'
const staff = { kind: 'staff', id: 'p', roles: ['clerk'] } as const

const shop = `company "Shop" { address "1 Street"  email "shop@shop.example" }
role clerk "Clerk" {}
purpose delivery "Deliver" { basis contract  keep 90 days after end }
purpose offers "Offers" { basis consent  text "May we write?"  keep 1 year after given }
letter ask "May we?" { body "Hello. {{ purpose.offers.text }}" }
form order_form "Order" { starts order  ask goods  ask consent to offers }
process order "Order" {
  show in portal
  access clerk: see, move, edit
  field goods "Goods" text
  field size "Size" choice (small, large)
  field address "Address" text personal for delivery
  field gift "Gift" yes/no
  show goods, size, address
  edit goods, size, address, gift
  stage new "New" {
    when gift { notify clerk "A gift" }
    after 3 days { notify clerk "Still new" }
    after 10 days go to lost
    move to packed
  }
  stage packed "Packed" { move to done }
  final stage done "Done" success
  final stage lost "Lost"
}
`

function versionOf(...edits: readonly (readonly [from: string, to: string])[]): Machine {
  let text = shop
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`the shop does not say \`${from}\``)
    text = text.replace(from, () => to)
  }
  const { definition, problems } = readWorkspace([{ name: 'shop.zgoda', text }])
  if (!definition) throw new Error(JSON.stringify(problems))
  return compile(definition, 'order')
}

const first = versionOf()

function begun(values: CaseState['values'] = {}): CaseState {
  const client = { consents: {} }
  const decision = start(first, { id: 'c', number: '1', client }, { type: 'start', by: staff, values }, { now })
  return accepted(decision).state
}

function accepted(decision: ReturnType<typeof decide>): Accepted {
  if (decision.outcome === 'refused') throw new Error(decision.because)
  return decision
}

const event = { type: 'migrate', by: { kind: 'system' }, from: 1, to: 2 } as const
const migrated = (to: Machine, state: CaseState) => migration(first, to)(state, event, { now: later })

describe('a case that goes on by a later version', () => {
  it('keeps its stage and its timers, and says in its history which versions', () => {
    const state = begun({ goods: 'Roses' })
    const decision = accepted(migrated(versionOf(['"Packed"', '"Wrapped"']), state))
    expect(decision.state).toEqual({ ...state, seq: state.seq + 1 })
    expect(decision.effects).toEqual([])
    expect(decision.log).toEqual([
      { seq: state.seq + 1, at: later, type: 'migrated', by: { kind: 'system' }, target: '1 → 2' },
    ])
  })

  it('goes on in the stage that `was` its own, with the rules that stand there now', () => {
    const to = versionOf(['stage new "New" {', 'stage arrived was new "Arrived" {'])
    const { state, effects, log } = accepted(migrated(to, begun()))
    expect([state.stage, state.visited]).toEqual(['arrived', ['arrived']])
    expect(log[0]).toMatchObject({ type: 'migrated', from: 'new', to: 'arrived' })
    expect(Object.entries(state.timers)).toEqual([
      ['arrived.after.1', '2026-06-04T10:00:00.000Z'],
      ['arrived.after.2', '2026-06-11T10:00:00.000Z'],
    ])
    expect(effects.map(({ type }) => type)).toEqual(['cancel timer', 'cancel timer', 'timer', 'timer'])
    expect(accepted(decide(to, state, { type: 'move', by: staff, to: 'packed' }, { now: later })).state.stage).toBe(
      'packed',
    )
  })

  it('is refused where its stage is gone and none says what it was', () => {
    const to = versionOf(
      [shop.slice(shop.indexOf('  stage new'), shop.indexOf('  stage packed')), ''],
      ['final stage lost "Lost"', 'stage lost "Lost" { move to done }'],
    )
    expect(migrated(to, begun())).toMatchObject({
      outcome: 'refused',
      code: 'not-declared',
      because: expect.stringContaining('write `was new` at the stage that its cases go on in'),
    })
  })

  it('counts a changed delay from the same moment, and lets nothing go off a second time', () => {
    const state = begun()
    const fired = accepted(
      decide(
        first,
        state,
        { type: 'timer', by: { kind: 'system' }, key: 'new.after.1' },
        { now: '2026-06-04T10:00:00Z' },
      ),
    ).state
    const to = versionOf(['after 3 days {', 'after 5 days {'], ['after 10 days', 'after 20 days'])
    const { timers } = accepted(migrated(to, fired)).state
    expect(timers).toEqual({ 'new.after.2': '2026-06-21T10:00:00.000Z' })
  })

  it('plans a rule that is new from when it would have begun, even where that is past', () => {
    const to = versionOf(['    move to packed', '    after 1 day { notify clerk "One day" }\n    move to packed'])
    expect(accepted(migrated(to, begun())).effects).toEqual([
      { type: 'timer', key: 'new.after.3', due: '2026-06-02T10:00:00.000Z' },
    ])
  })

  it('does not fire a `when` rule again that has fired, and fires one that holds now', () => {
    const state = begun({ gift: true })
    expect(state.fired).toEqual(['new.when.1'])
    expect(accepted(migrated(versionOf(['"Goods"', '"What"']), state)).effects).toEqual([])
    const moved = versionOf(
      ['process order "Order" {', '# a line more\nprocess order "Order" {'],
      ['stage new "New" {', 'stage arrived was new "Arrived" {'],
    )
    expect(accepted(migrated(moved, state)).state.fired).toEqual(['arrived.when.1'])
    const to = versionOf(['when gift { notify clerk "A gift" }', 'when gift go to packed'])
    expect(accepted(migrated(to, state)).state.stage).toBe('packed')
  })

  it('fills in the default of a new field, and forgets what has no field any more', () => {
    const to = versionOf(
      ['  field gift "Gift" yes/no\n', '  field colour "Colour" choice (red, blue) default red\n'],
      ['edit goods, size, address, gift', 'edit goods, size, address, colour'],
      ['when gift {', 'when colour = blue {'],
    )
    const { state, effects } = accepted(migrated(to, begun({ gift: true })))
    expect(state.values).toEqual({ colour: 'red' })
    expect(effects).toContainEqual({ type: 'erase', fields: ['gift'] })
  })

  it('erases what a gone personal field held though the case can not see it', () => {
    const to = versionOf(
      ['  field address "Address" text personal for delivery\n', ''],
      ['show goods, size, address', 'show goods, size'],
      ['edit goods, size, address, gift', 'edit goods, size, gift'],
    )
    expect(accepted(migrated(to, begun())).effects).toEqual([{ type: 'erase', fields: ['address'] }])
  })

  it('is refused where a field can not hold its value any more', () => {
    const to = versionOf(['choice (small, large)', 'choice (small, huge)'])
    expect(migrated(to, begun({ size: 'large' }))).toMatchObject({ code: 'invalid-value', fields: ['size'] })
    expect(accepted(migrated(to, begun({ size: 'small' }))).state.values).toEqual({ size: 'small' })
  })

  it('leaves a stage that needs a consent now, in the same decision', () => {
    const to = versionOf([
      'stage new "New" {',
      'stage new "New" {\n    needs consent to offers, otherwise go to packed',
    ])
    expect(accepted(migrated(to, begun())).state.stage).toBe('packed')
  })

  it('ends where its stage has become an end, and nothing waits any more', () => {
    const to = versionOf([
      shop.slice(shop.indexOf('  stage new'), shop.indexOf('  stage packed')),
      '  stage fresh "Fresh" { move to packed }\n  final stage new "New"\n',
    ])
    const { state, effects } = accepted(migrated(to, begun()))
    expect([state.stage, state.ended, state.timers]).toEqual(['new', 'other', {}])
    expect(effects.map(({ type }) => type)).toEqual(['cancel timer', 'cancel timer'])
  })

  it('keeps an erasure that was promised, and is refused where the new version would forget it', () => {
    const from = versionOf(['    after 3 days {', '    on enter { erase address after 30 days }\n    after 3 days {'])
    const state = accepted(
      start(
        from,
        { id: 'c', number: '1', client: { consents: {} } },
        { type: 'start', by: staff, values: {} },
        { now },
      ),
    ).state
    const again = migration(
      from,
      versionOf([
        'stage new "New" {',
        'stage fresh was new "Fresh" {\n    on enter { notify clerk "New"  erase address, goods after 5 days }',
      ]),
    )(state, event, { now: later })
    expect(accepted(again).state.timers['erase:fresh.enter.2']).toBe('2026-07-01T10:00:00.000Z')
    expect(migration(from, first)(state, event, { now: later })).toMatchObject({
      code: 'not-declared',
      because: expect.stringContaining('keep `erase address after …` until it is done'),
    })
  })

  it('lets a case that has ended rest', () => {
    const ended: CaseState = { ...begun(), ended: 'success', stage: 'done' }
    expect(migrated(first, ended)).toMatchObject({ code: 'case-ended' })
  })
})
