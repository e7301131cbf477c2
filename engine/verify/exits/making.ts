import type { Stage } from '../../definition.ts'
import type { CompiledRule, Program } from '../../program.ts'
import type { Ground } from '../doing.ts'
import type { Facts } from '../facts.ts'
import type { Operation } from '../operation.ts'
import type { Choice, Edge, Mode, News, Node } from '../system.ts'

/** The exits of one node, as they are made: what each kind of happening adds to them. */
export interface Making {
  readonly program: Program
  readonly mode: Mode
  /** What is told apart at the node. */
  readonly facts: Facts
  readonly ground: Ground
  readonly node: (kind: Node['kind'], stage: string, news?: readonly News[]) => Node
  readonly stage: (name: string) => Stage
  readonly rulesAt: (stage: string) => readonly CompiledRule[]
  /** Where a switch to a stage leads, and what it does on the way. */
  readonly into: (
    stage: string,
    news: readonly News[],
  ) => { readonly to: Node; readonly operations: readonly Operation[] }
  /** Where a case is that stays in a stage, or has come to it past its gate. */
  readonly arrived: (stage: string, news: readonly News[]) => Node
  readonly entering: (stage: string) => readonly Operation[]
  readonly leaving: (stage: string) => readonly Operation[]
  /** Conditions of the moment may all have changed. */
  readonly moment: () => readonly Operation[]
  readonly edge: (edge: Edge) => void
  readonly choose: (choice: Choice) => void
}
