import type { Source, Span } from '../source.ts'
import { lexemesOf } from './lexemes.ts'

/** What stands in a file of YAML beside its values, in order. */
export interface Asides {
  /** With their `#`. */
  readonly comments: readonly Span[]
  /** `%YAML 1.2` and the like. */
  readonly directives: readonly Span[]
  /** `---` and `...` */
  readonly separators: readonly Span[]
}

export function asidesOf(source: Source): Asides {
  const comments: Span[] = []
  const directives: Span[] = []
  const separators: Span[] = []
  for (const { text, start, isScalar } of lexemesOf(source.text)) {
    if (isScalar) continue
    const span = { source, start, end: start + text.trimEnd().length }
    if (text.startsWith('#')) comments.push(span)
    else if (text.startsWith('%')) directives.push(span)
    else if (text === '---' || text === '...') separators.push(span)
  }
  return { comments, directives, separators }
}
