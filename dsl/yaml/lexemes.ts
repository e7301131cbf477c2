import { Lexer } from 'yaml'

/** A piece of a file as the `yaml` package cuts it: a sign, a comment, a line break, the words of a scalar. */
export interface Lexeme {
  readonly text: string
  readonly start: number
  /** Plain or quoted words, or the lines of a block. */
  readonly isScalar: boolean
}

const scalarFollows = '\u001f'
/** Lexemes that stand for no letters of the text: document and flow-error marks, and the one before a scalar. */
const controls: ReadonlySet<string> = new Set(['\u0002', '\u0018', scalarFollows])

export function* lexemesOf(text: string): Generator<Lexeme> {
  let start = 0
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    if (!isScalar && controls.has(lexeme)) isScalar = lexeme === scalarFollows
    else {
      yield { text: lexeme, start, isScalar }
      start += lexeme.length
      isScalar = false
    }
  }
}
