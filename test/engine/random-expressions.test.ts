import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileCondition, compileExpression } from '../../engine/index.ts'
import { evaluate } from './plain-expressions.ts'
import { definitions, expressions, moments, process, states } from './random-expressions.ts'

it('a compiled expression has the value that reading it step by step gives', () => {
  fc.assert(
    fc.property(
      expressions,
      definitions,
      fc.array(fc.tuple(states, moments), { minLength: 1, maxLength: 4 }),
      (expression, definition, settings) => {
        const scope = { definition, process }
        const compiled = compileExpression(expression, scope)
        const holds = compileCondition(expression, scope)
        for (const [state, now] of settings) {
          const value = evaluate(expression, { ...scope, state, now })
          expect(compiled(state, now)).toEqual(value)
          expect(holds(state, now)).toBe(value === true)
        }
      },
    ),
    { numRuns: 3000 },
  )
})
