import type { TokenType } from 'chevrotain'
import type { Body } from './body.ts'

/** What the grammar would have taken where the text ends. */
export interface Ending {
  readonly types: readonly TokenType[]
  /** The body in which another statement may begin there. */
  readonly body: Body | undefined
  /** What was begun can't end there. */
  readonly incomplete: boolean
}
