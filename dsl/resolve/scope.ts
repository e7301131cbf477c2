import type { Expression } from '../../engine/definition.ts'
import type { ExpressionNode, Name } from '../tree.ts'
import type { Context } from './context.ts'
import type { Names } from './namespace.ts'
import { type Type, unknown } from './types.ts'

/** What an expression may name: the fields of its process, or the inputs of its table. */
export interface Scope {
  readonly context: Context
  /** The fields or inputs. */
  readonly values: Names<unknown>
  /** The type of a field or input; `unknown` for one that could not be read. */
  readonly typeOf: (name: string) => Type | undefined
  /** Reports a name that is no field, near which `others` would have been words too. */
  readonly noSuchField: (name: Name, others: readonly string[]) => void
  /** The stages of the process, where there is one. */
  readonly stages?: readonly string[]
  readonly findStage?: (name: Name) => void
  /** Takes down that a stage is meant. */
  readonly mentionStage?: (name: Name) => void
}

export interface Typed {
  readonly expression: Expression
  readonly type: Type
}

/** What stands for an expression that has a problem. */
export const faulty: Typed = { expression: { kind: 'yes/no', value: false }, type: unknown }

/** The way back into expressions, for what takes expressions as its parts. */
export interface Parts {
  readonly any: (node: ExpressionNode, wanted?: Type) => Typed
  /** Reports a value that is not as wanted; `what` says what it is for. */
  readonly as: (node: ExpressionNode, wanted: Type, what: string) => Expression
}
