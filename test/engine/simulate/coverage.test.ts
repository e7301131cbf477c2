import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/index.ts'
import { compile, coverageOf } from '../../../engine/index.ts'
import { shop, tell } from './tell.ts'

function coverage(stories: readonly string[], { workspace = shop, process = 'order' } = {}) {
  const { definition } = readWorkspace([{ name: 'shop.zgoda', text: workspace }])
  if (!definition) throw new Error('the workspace has mistakes')
  const tellings = stories.map((steps) => tell(steps, { workspace, process }).telling)
  const { stages, transitions } = coverageOf(compile(definition, process), tellings)
  return {
    stages: stages.missing.map(({ words }) => words),
    transitions: transitions.missing.map(({ words }) => words),
    share: [stages.covered, stages.total, transitions.covered, transitions.total],
  }
}

const all = [
  'new → closed, on reply from client saying "no"',
  'new → closed, on consent to offers withdrawn',
  'new → packing, on signal paid',
  'new → closed, after 10 days',
  'new → packing, at day',
  'new → closed, on cases done',
  'new → packing, move to packing by clerk',
  'new → checked, move to checked by clerk',
  'checked → closed, without a valid consent to offers',
  'checked → packing, move to packing by boss',
  'packing → closed, move to closed by clerk',
]

describe('coverage', () => {
  it('counts stages, rules that lead somewhere, and consents that are needed', () => {
    const { stages, transitions, share } = coverage([])
    expect(stages).toEqual(['new', 'checked', 'packing', 'closed'])
    expect(transitions.map((words) => words.replace(' when price > 0', ''))).toEqual(all)
    expect(share).toEqual([0, 4, 0, 11])
  })

  it.each([
    ['- signal: paid', 'new → packing, on signal paid'],
    ['- wait: 10 days', 'new → closed, after 10 days'],
    ['- reply: { saying: "no" }', 'new → closed, on reply from client saying "no"'],
    ['- fill: { day: 2026-03-01 }', 'new → packing, at day'],
    ['- signal: ship\n- signal: cases done', 'new → closed, on cases done'],
    ['- give: offers\n- withdraw: offers', 'new → closed, on consent to offers withdrawn'],
  ])('sees the transition of %s', (step, words) => {
    const { transitions } = coverage([`- start: {}\n${step}`])
    expect(all.filter((each) => !transitions.some((missing) => missing.startsWith(each)))).toEqual([words])
  })

  it('sees a stage left for lack of consent', () => {
    const { transitions, stages } = coverage(['- start: {}\n- give: offers\n- move: checked\n- withdraw: offers'])
    expect(transitions).not.toContain('checked → closed, without a valid consent to offers')
    expect(stages).toEqual(['packing'])
  })

  it('sees a stage not entered for lack of consent', () => {
    const workspace = `purpose a "A" { basis consent text "We use it." keep until end }
role r\nprocess p { access r: see, move
stage s { on signal go_on go to t } stage t { needs consent to a, otherwise go to u move to u } stage u { move to e } final stage e { } }`
    const { transitions } = coverage(['- start: {}\n- signal: go_on'], { workspace, process: 'p' })
    expect(transitions).not.toContain('t → u, without a valid consent to a')
    expect(transitions).toContain('t → u, move to u')
  })

  it('counts a rule of the whole process once, and free moves not at all', () => {
    const workspace = `role r\nprocess p { moves free access r: see, move on signal stop go to e
stage s { } stage t { } final stage e { } }`
    const none = coverage(['- start: {}\n- move: t\n- move: s'], { workspace, process: 'p' })
    expect(none.transitions).toEqual(['any stage → e, on signal stop'])
    expect(coverage(['- start: {}\n- signal: stop'], { workspace, process: 'p' }).share).toEqual([2, 3, 1, 1])
  })
})
