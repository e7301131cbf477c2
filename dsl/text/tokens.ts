import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain'
import type { Piece } from '../tree.ts'
import { type Keyword, keywords } from '../vocabulary.ts'

/** Anything but `}`: what a statement that can't be read may begin with. */
export const Anything = createToken({ name: 'Piece', pattern: Lexer.NA })

/** A name; every keyword is one too, so that any of them can name a field. */
export const Word = createToken({ name: 'Word', label: 'a name', pattern: Lexer.NA, categories: Anything })

const piece = (name: string, label: string) => createToken({ name, label, pattern: Lexer.NA, categories: Anything })

export const Text = piece('String', 'a text in quotes')
export const Numeral = piece('Number', 'a number')
export const DateLiteral = piece('Date', 'a date such as `2026-12-25`')
export const ParenOpen = piece('ParenOpen', '`(`')
export const ParenClose = piece('ParenClose', '`)`')
export const Comma = piece('Comma', '`,`')
export const Colon = piece('Colon', '`:`')
export const Dot = piece('Dot', '`.`')
export const Equal = piece('Equal', '`=`')
export const Unequal = piece('Unequal', '`!=`')
export const LessOrEqual = piece('LessOrEqual', '`<=`')
export const Less = piece('Less', '`<`')
export const GreaterOrEqual = piece('GreaterOrEqual', '`>=`')
export const Greater = piece('Greater', '`>`')
export const Plus = piece('Plus', '`+`')
export const Minus = piece('Minus', '`-`')
export const Star = piece('Star', '`*`')
export const Slash = piece('Slash', '`/`')

export const Open = piece('Open', '`{`')
export const Close = createToken({ name: 'Close', label: '`}`', pattern: Lexer.NA })

/** The token type of each keyword. */
export const keyword = Object.fromEntries(
  keywords.map((word) => [
    word,
    createToken({ name: `word ${word}`, label: `\`${word}\``, pattern: Lexer.NA, categories: Word }),
  ]),
) as Readonly<Record<Keyword, TokenType>>

const byImage = new Map<string, TokenType>(Object.entries(keyword))

/** The type of a word: its keyword's, or a plain name's. */
export function wordType(image: string): TokenType {
  return byImage.get(image) ?? Word
}

const isKeyword = new Set<TokenType>(Object.values(keyword))

/** Whether a type is a keyword's. */
export function isKeywordType(type: TokenType): boolean {
  return isKeyword.has(type)
}

export const allTokens: TokenType[] = [
  Anything,
  Word,
  Text,
  Numeral,
  DateLiteral,
  ParenOpen,
  ParenClose,
  Comma,
  Colon,
  Dot,
  Equal,
  Unequal,
  LessOrEqual,
  Less,
  GreaterOrEqual,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Open,
  Close,
  ...Object.values(keyword),
]

/** A text token's value, escapes and margin taken out. */
export interface StringValue {
  readonly value: string
  readonly pieces?: readonly Piece[]
}

/** A token of ours: Chevrotain's, with its line, and whether it is the first on it. */
export interface Token extends IToken {
  startLine: number
  endOffset: number
  endLine: number
  first: boolean
  payload: StringValue | undefined
}
