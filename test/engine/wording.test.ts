import { describe, expect, it } from 'vitest'
import { actionInWords, durationInWords, type Expression, expressionInWords, ruleInWords } from '../../engine/index.ts'
import { act, and, compare, consentIs, field, number, option, rule, text } from './declarations.ts'

const or = (left: Expression, right: Expression): Expression => ({ kind: 'or', left, right })
const sum = (left: Expression, operator: '+' | '-' | '*' | '/', right: Expression): Expression => ({
  kind: 'arithmetic',
  operator,
  left,
  right,
  type: 'number',
})
const [a, b, c] = [field('a', 'number'), field('b', 'number'), field('c', 'number')]

describe('an expression', () => {
  it('is written as its author would', () => {
    const written: readonly [Expression, string][] = [
      [and(field('paid', 'yes/no'), compare(field('price'), '>', number(0))), 'paid and price > 0'],
      [and(or(a, b), c), '(a or b) and c'],
      [or(a, and(b, c)), 'a or b and c'],
      [and(a, and(b, c)), 'a and (b and c)'],
      [{ kind: 'not', of: or(a, b) }, 'not (a or b)'],
      [{ kind: 'not', of: compare(a, '=', b) }, 'not a = b'],
      [sum(sum(a, '-', b), '-', c), 'a - b - c'],
      [sum(a, '-', sum(b, '-', c)), 'a - (b - c)'],
      [sum(sum(a, '+', b), '*', { kind: 'negate', of: c }), '(a + b) * -c'],
      [{ kind: 'in', of: a, options: [option('pl'), option('wild flowers')] }, 'a in (pl, "wild flowers")'],
      [{ kind: 'contains', of: field('note'), part: text('say "x"') }, 'note contains "say \\"x\\""'],
      [consentIs('allergies'), 'consent to allergies'],
      [consentIs('allergies', 'none'), 'consent to allergies is none'],
      [consentIs('allergies', 'given', 'refused'), 'consent to allergies in (given, refused)'],
      [{ kind: 'missing', field: 'notes' }, 'notes is missing'],
      [{ kind: 'stage was', stage: 'waiting' }, 'stage was waiting'],
      [
        sum(field('visit'), '-', { kind: 'duration', value: { amount: 1, unit: 'day', working: false } }),
        'visit - 1 day',
      ],
      [{ kind: 'days between', from: a, to: { kind: 'today' } }, 'days between(a, today)'],
      [{ kind: 'table', table: 'shipping', inputs: [a, b], type: 'money' }, 'shipping(a, b)'],
      [{ kind: 'length', of: { kind: 'client', property: 'name' } }, 'length(client.name)'],
      [{ kind: 'yes/no', value: true }, 'yes'],
    ]
    for (const [expression, words] of written) expect(expressionInWords(expression)).toBe(words)
  })
})

describe('rules, actions and durations', () => {
  it('are told in the words of the language', () => {
    expect(durationInWords({ amount: 10, unit: 'day', working: true })).toBe('10 working days')
    expect(durationInWords({ amount: 1, unit: 'month', working: false })).toBe('1 month')
    expect(ruleInWords(rule('r', { kind: 'reply', letter: 'ask', saying: ['no', 'nie'] }))).toBe(
      'on reply from client to ask saying "no" or "nie"',
    )
    expect(ruleInWords(rule('r', { kind: 'when' }, [], { when: consentIs('a') }))).toBe('when consent to a')
    expect(ruleInWords(rule('r', { kind: 'move', to: 'done', by: ['clerk'] }, [], { when: a }))).toBe(
      'move to done by clerk when a',
    )
    expect(ruleInWords(rule('r', { kind: 'consent', purpose: 'p', decision: 'withdrawn' }))).toBe(
      'on consent to p withdrawn',
    )
    expect(actionInWords(act({ kind: 'send', letter: 'l', to: { kind: 'client' }, attach: ['d'] }, a))).toBe(
      'send l to client attach d when a',
    )
    const after = { amount: 30, unit: 'day', working: false } as const
    expect(actionInWords(act({ kind: 'erase', fields: ['x', 'y'], after }))).toBe('erase x, y after 30 days')
  })
})
