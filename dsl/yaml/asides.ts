import { Lexer } from 'yaml'
import type { Source, Span } from '../source.ts'

/** What stands in a file of YAML beside its values. */
export interface Asides {
  /** With their `#`. */
  readonly comments: readonly Span[]
  /** `%YAML 1.2` and the like. */
  readonly directives: readonly Span[]
  /** `---` and `...` */
  readonly separators: readonly Span[]
}

const scalarFollows = '\u001f'
/** Lexemes that stand for no letters of the text. */
const controls: ReadonlySet<string> = new Set(['\u0002', '\u0018', scalarFollows])

/** The asides of a file, in order, by the `yaml` package's own lexemes. */
export function asidesOf(source: Source): Asides {
  const comments: Span[] = []
  const directives: Span[] = []
  const separators: Span[] = []
  let offset = 0
  let isScalar = false
  for (const lexeme of new Lexer().lex(source.text)) {
    if (!isScalar && controls.has(lexeme)) {
      isScalar = lexeme === scalarFollows
      continue
    }
    const span = { source, start: offset, end: offset + lexeme.trimEnd().length }
    if (!isScalar && lexeme.startsWith('#')) comments.push(span)
    else if (!isScalar && lexeme.startsWith('%')) directives.push(span)
    else if (!isScalar && (lexeme === '---' || lexeme === '...')) separators.push(span)
    isScalar = false
    offset += lexeme.length
  }
  return { comments, directives, separators }
}
