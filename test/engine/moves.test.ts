import { describe, expect, it } from 'vitest'
import { type Process, possibleMoves, type Stage } from '../../engine/index.ts'
import {
  at,
  compare,
  field,
  fieldOf,
  goTo,
  named,
  number,
  processOf,
  purposeOf,
  rule,
  shown,
  stageOf,
  workspaceOf,
} from './declarations.ts'
import { accepted, client, refusal, Story, staff, system } from './story.ts'

const cheap = compare(field('price', 'money'), '<', number(10), 'money')

const stages: readonly Stage[] = [
  stageOf('new', {
    title: { en: 'New' },
    at: at(10),
    rules: [
      rule('new.move.1', { kind: 'move', to: 'work', by: ['boss'], as: { en: 'Take on' } }, [], { at: at(11) }),
      rule('new.move.2', { kind: 'move', to: 'work', by: ['clerk'] }, [], { when: cheap, at: at(12) }),
    ],
  }),
  stageOf('work', {
    title: { en: 'At work' },
    at: at(20),
    require: [
      { field: 'price', at: at(21) },
      { field: 'secret', at: at(22) },
    ],
  }),
  stageOf('locked', { title: { en: 'Locked' }, manualEntry: 'forbidden', at: at(30) }),
  stageOf('done', { title: { en: 'Done' }, final: true, success: true, at: at(40) }),
]

const desk = (more: Partial<Process> = {}): Story =>
  new Story(
    workspaceOf(
      processOf('job', stages, {
        access: { boss: ['see', 'move'], clerk: ['see', 'move', 'edit'], guest: ['see'] },
        fields: named(
          fieldOf('price', 'money', { title: { en: 'Price' } }),
          fieldOf('secret', 'text', { title: { en: 'Secret' }, personal: ['care'] }),
        ),
        edit: shown('price', 'secret'),
        at: at(1),
        ...more,
      }),
      { purposes: named(purposeOf('care', 'consent')) },
    ),
    'job',
  )

describe('a move', () => {
  it('needs a role that may move cases', () => {
    const { code, because } = refusal(desk().move('work', 'guest', 'stranger'))
    expect(code).toBe('role-missing')
    expect(because).toBe('moving a case of `job` needs the role `boss` or `clerk` (test.zgoda:1)')
    expect(refusal(desk().tell({ type: 'move', by: client, to: 'work' })).code).toBe('role-missing')
  })

  it('needs a stage there is, and another than the present one', () => {
    expect(refusal(desk().move('nowhere', 'boss')).because).toBe(
      'process `job` has no such stage (test.zgoda:1); it has new, work, locked, done',
    )
    expect(refusal(desk().move('constructor', 'boss')).code).toBe('not-declared')
    expect(refusal(desk().move('new', 'boss')).because).toBe('the case is in “New” (test.zgoda:10) already')
  })

  it('into a stage that forbids it says that no rule leads there, where none does', () => {
    expect(refusal(desk().move('locked', 'boss')).because).toBe(
      '“Locked” forbids manual entry (test.zgoda:30); and no rule leads there',
    )
  })

  it('that is not declared names those that are', () => {
    const { code, because } = refusal(desk().move('done', 'boss'))
    expect(code).toBe('not-declared')
    expect(because).toBe(
      'no move from “New” to “Done” is declared (test.zgoda:10); declared are moves to `work` (test.zgoda:11), `work` (test.zgoda:12)',
    )
  })

  it('takes the rule that is open to the person’s role', () => {
    const byBoss = desk()
    accepted(byBoss.move('work', 'boss'))
    expect(accepted(byBoss.last).log[0]).toMatchObject({ rule: 'new.move.1', from: 'new', to: 'work' })

    const byClerk = desk()
    expect(refusal(byClerk.move('work', 'clerk')).because).toBe(
      'a case moves to “At work” only when price < 10 (test.zgoda:12)',
    )
    byClerk.fill({ price: 9 })
    accepted(byClerk.move('work', 'clerk'))
    expect(accepted(byClerk.last).log[0]).toMatchObject({ rule: 'new.move.2' })
    expect(refusal(desk({ access: { other: ['move'] } }).move('work', 'other')).because).toBe(
      'only `boss` or `clerk` may move a case to “At work” (test.zgoda:11)',
    )
  })

  it('is open to staff anywhere under `moves free`, but for what is forbidden, conditional or required', () => {
    const free = desk({ moves: 'free' })
    expect(refusal(free.move('locked', 'boss')).code).toBe('manual-entry-forbidden')
    expect(refusal(free.move('work', 'clerk')).code).toBe('condition-not-met')
    accepted(free.move('work', 'boss'))
    const { because, ...rest } = refusal(free.move('done', 'boss'))
    expect(rest).toMatchObject({ code: 'required-missing', fields: ['price', 'secret'] })
    expect(because).toContain('“Price” (`price`), “Secret” (`secret`); “At work” requires it')
    expect(because).toContain('once the client consents to `care`')
    free.consent('care', 'given')
    accepted(free.fill({ price: 1, secret: 'x' }))
    accepted(free.move('done', 'boss'))
    expect(accepted(free.last).log[0]).toMatchObject({ type: 'move', from: 'work', to: 'done', by: staff('boss') })
  })

  it('counts a required value that is out of reach as missing', () => {
    const free = desk({ moves: 'free' })
    free.move('work', 'boss')
    free.state = { ...free.state, values: { price: 1, secret: 'x' }, client: { consents: { care: 'expired' } } }
    expect(refusal(free.move('done', 'boss'))).toMatchObject({ code: 'required-missing', fields: ['secret'] })
  })

  it('is asked of people only, not of rules, for what a stage requires', () => {
    const each = desk({
      moves: 'free',
      rules: [rule('job.signal.1', { kind: 'signal', signal: 'end' }, [goTo('done')])],
    })
    each.move('work', 'boss')
    each.tell({ type: 'signal', by: system, signal: 'end' })
    expect(each.stage).toBe('done')
  })
})

describe('possible moves', () => {
  it('say the same as a move would, stage by stage', () => {
    const each = desk({ moves: 'free' })
    for (const roles of [['boss'], ['clerk'], ['guest'], []]) {
      for (const move of possibleMoves(each.machine, each.state, staff(...roles), { now: each.now })) {
        const { code, because } = desk({ moves: 'free' }).move(move.to, ...roles) as { code?: string; because?: string }
        expect({ code, because }).toEqual({ code: move.code, because: move.because })
        expect(move.allowed).toBe(code === undefined)
      }
    }
  })

  it('carry the words of the rule that is open to the person', () => {
    const each = desk()
    const titles = (role: string) =>
      possibleMoves(each.machine, each.state, staff(role), { now: each.now }).map(({ title, declared }) => [
        title.en,
        declared,
      ])
    expect(titles('boss')).toEqual([
      ['Take on', true],
      ['Locked', false],
      ['Done', false],
    ])
    expect(titles('clerk')[0]).toEqual(['At work', true])
  })
})
