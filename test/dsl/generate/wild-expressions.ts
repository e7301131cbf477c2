import fc from 'fast-check'
import type { ExpressionNode } from '../../../dsl/tree.ts'
import { name, nowhere as span } from './nodes.ts'
import { anyDate, anyDuration, anyName, anyNumber, anyString } from './words.ts'

type Of<K extends ExpressionNode['kind']> = fc.Arbitrary<Extract<ExpressionNode, { kind: K }>>

const operators = ['and', 'or', '=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/'] as const

/** A call of `not` would be a denial. */
const calledName = anyName.filter(({ text }) => text !== 'not')

const { any } = fc.letrec<{ any: ExpressionNode }>((tie) => {
  const part = tie('any')
  const parts = fc.array(part, { maxLength: 3 })
  const word: Of<'word'> = anyName.map((each) => ({ kind: 'word', name: each, span }))
  const leaves: fc.Arbitrary<ExpressionNode>[] = [
    word,
    anyString.map((each) => ({ kind: 'string', ...each })),
    anyNumber.map((each) => ({ kind: 'number', ...each })),
    anyDate.map((value) => ({ kind: 'date', value, span })),
    anyDuration.map((duration) => ({ kind: 'duration', duration, span })),
    fc.record({ kind: fc.constant('member' as const), of: anyName, property: anyName, span: fc.constant(span) }),
    anyName.map((stage) => ({ kind: 'stage was', stage, span })),
    anyName.map((purpose) => ({ kind: 'consent', purpose, span })),
    fc
      .tuple(anyName, fc.array(anyName, { minLength: 1, maxLength: 3 }))
      .map(([purpose, statuses]) => ({ kind: 'consent', purpose, statuses, span })),
  ]
  const called = fc.oneof(calledName, fc.constant(name('days between')))
  const forms: fc.Arbitrary<ExpressionNode>[] = [
    fc.tuple(called, parts).map(([each, inputs]) => ({ kind: 'call', name: each, inputs, span })),
    part.map((of) => ({ kind: 'not', of, span })),
    part.map((of) => ({ kind: 'negate', of, span })),
    fc
      .tuple(fc.constantFrom(...operators), part, part)
      .map(([operator, left, right]) => ({ kind: 'binary', operator, left, right, span })),
    fc
      .tuple(part, fc.constantFrom('filled', 'missing'))
      .map(([of, state]) => ({ kind: 'is', of, state: name(state), span })),
    fc.tuple(part, parts).map(([of, options]) => ({ kind: 'in', of, options, span })),
    fc.tuple(part, part).map(([of, inside]) => ({ kind: 'contains', of, part: inside, span })),
  ]
  return { any: fc.oneof({ maxDepth: 4, depthSize: 'small' }, ...leaves, ...forms) }
})

/** Every form of expression, in one another however little sense it makes. */
export const anyExpression: fc.Arbitrary<ExpressionNode> = any
