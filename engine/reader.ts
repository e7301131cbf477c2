import type { CaseState, Value } from './case.ts'
import type { Expression } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { consentsToReach } from './reach.ts'

/** An expression ready to run: its value for a case at a time (RFC 3339, UTC), undefined where it is missing. */
export type Reader = (state: CaseState, now: string) => Value | undefined
export type Condition = (state: CaseState, now: string) => boolean

/** What the names of an expression mean. Inside a table they are its inputs. */
export interface Scope extends Ground {
  /** The tables whose rows are being compiled, outermost first: one that calls itself has no value. */
  readonly tables?: readonly string[]
}

/** Compiles a part of an expression. */
export type Compile = (expression: Expression, scope: Scope) => Reader

/**
 * The field that an expression is, where its value can be read straight from the case: declared, in reach whatever the client
 * says, and not named like a part of every object. Such reads stand inside the closure that needs them, which is what most
 * of the speed of conditions comes from.
 */
export function plainField(expression: Expression, scope: Scope): string | undefined {
  if (expression.kind !== 'field' || expression.field in Object.prototype) return undefined
  if (scope.tables) return expression.field
  const field = own(scope.process.fields, expression.field)
  return field && consentsToReach(scope.definition, field) === undefined ? expression.field : undefined
}
