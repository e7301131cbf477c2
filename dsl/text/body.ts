import type { TokenType } from 'chevrotain'
import { type DeclarationKind, declarations, type Keyword, statementKeywords } from '../vocabulary.ts'
import { keyword } from './tokens.ts'

export type BodyOf = DeclarationKind | 'workspace' | 'stage' | 'rule'

/** A body between braces: how it is called, what its statements begin with, and what only stands outside it. */
export interface Body {
  readonly of: BodyOf
  readonly title: string
  readonly starters: readonly Keyword[]
  readonly outer: ReadonlySet<TokenType>
}

/** What begins a declaration. */
export const outermost: ReadonlySet<TokenType> = new Set(
  (Object.keys(declarations) as DeclarationKind[]).map((word) => keyword[word]),
)

/** What begins a statement anywhere. */
export const statementWords: ReadonlySet<TokenType> = new Set([
  ...outermost,
  ...statementKeywords.map((word) => keyword[word]),
])

const startersByBody = new WeakMap<Body, ReadonlySet<TokenType>>()

/** What begins a statement of a body. */
export function startersOf(body: Body): ReadonlySet<TokenType> {
  const known = startersByBody.get(body)
  if (known) return known
  const starters = new Set(body.starters.map((word) => keyword[word]))
  startersByBody.set(body, starters)
  return starters
}
