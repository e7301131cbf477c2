import type { TokenType } from 'chevrotain'
import type { Check } from '../checks/check.ts'
import { z101 } from '../checks/z101-unreadable.ts'
import { z103 } from '../checks/z103-form.ts'
import { type Diagnostic, diagnose, type Hint } from '../diagnostic.ts'
import type { Source, Span } from '../source.ts'
import { newLine, readBlock, readString } from './strings.ts'
import {
  Close,
  Colon,
  Comma,
  DateLiteral,
  Dot,
  Equal,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  Minus,
  Numeral,
  Open,
  ParenClose,
  ParenOpen,
  Plus,
  Slash,
  Star,
  type StringValue,
  Text,
  type Token,
  Unequal,
  wordType,
} from './tokens.ts'

export interface Lexed {
  readonly tokens: Token[]
  readonly comments: readonly Span[]
  readonly problems: readonly Diagnostic[]
  /** Lines on which something could not be read: the parser says nothing more about them. */
  readonly badLines: ReadonlySet<number>
  /** Brackets in brackets without end: not to be parsed. */
  readonly tooDeep: boolean
  /** The last text is never closed: it took in the end of the file. */
  readonly endsInText: boolean
}

/** How many brackets may stand in one another. */
const deepest = 64
/** How many unreadable places of one file are told. */
const mostProblems = 200

/** Splits Zgoda text, or a stretch of a file, into tokens in one pass over its characters. Never throws. */
export function lex(source: Source, start = 0, end = source.text.length): Lexed {
  const scanner = new Scanner(source, start, end)
  scanner.run()
  return scanner
}

const singles: Readonly<Record<string, TokenType>> = {
  '{': Open,
  '}': Close,
  '(': ParenOpen,
  ')': ParenClose,
  ',': Comma,
  ':': Colon,
  '.': Dot,
  '=': Equal,
  '<': Less,
  '>': Greater,
  '+': Plus,
  '-': Minus,
  '*': Star,
  '/': Slash,
}

const doubles: Readonly<Record<string, TokenType>> = { '<=': LessOrEqual, '>=': GreaterOrEqual, '!=': Unequal }

/** What other languages write, with what is written here. */
const foreignOperators: readonly (readonly [sign: string, meant: string])[] = [
  ['===', '='],
  ['!==', '!='],
  ['==', '='],
  ['=>', '>='],
  ['=<', '<='],
  ['<>', '!='],
  ['≥', '>='],
  ['≤', '<='],
  ['≠', '!='],
  ['&&', 'and'],
  ['||', 'or'],
]

/** Quotation marks of word processors and of other languages, and what ends each. */
const curlyQuotes: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '”',
  '”': '”',
  '«': '»',
  '‘': '’',
  '’': '’',
  "'": "'",
}

class Scanner implements Lexed {
  readonly tokens: Token[] = []
  readonly comments: Span[] = []
  readonly problems: Diagnostic[] = []
  readonly badLines = new Set<number>()
  tooDeep = false
  endsInText = false
  readonly #source: Source
  readonly #text: string
  readonly #end: number
  #at: number
  #line = 1
  #first = true
  #depth = 0

  constructor(source: Source, start: number, end: number) {
    this.#source = source
    this.#text = source.text
    this.#end = end
    this.#at = start
    if (start > 0) this.#line = source.position(start).line
    if (start === 0 && this.#text.charCodeAt(0) === 0xfeff) this.#at = 1
  }

  run(): void {
    while (this.#at < this.#end) this.#next()
  }

  #next(): void {
    const code = this.#text.charCodeAt(this.#at)
    if (code === 10) this.#newLine()
    else if (code === 32 || code === 9 || code === 13 || code === 0xa0) this.#at++
    else if (code === 35) this.#comment()
    else if (code === 34) this.#string()
    else if (isDigit(code)) this.#number()
    else if (isWordPart(this.#text, this.#at)) this.#word()
    else this.#sign()
  }

  #newLine(): void {
    this.#at++
    this.#line++
    this.#first = true
  }

  #comment(): void {
    const newLine = this.#text.indexOf('\n', this.#at)
    const end = newLine < 0 ? this.#end : Math.min(newLine, this.#end)
    this.comments.push(this.#span(this.#at, end))
    this.#at = end
  }

  #word(): void {
    const start = this.#at
    let at = start + 1
    while (at < this.#end && isWordPart(this.#text, at)) at++
    if (at - start === 3 && this.#text.startsWith('yes/no', start) && !isWordPart(this.#text, start + 6)) at = start + 6
    const image = this.#text.slice(start, at)
    this.#push(wordType(image), start, at, image)
  }

  #number(): void {
    const text = this.#text
    const start = this.#at
    let at = digits(text, start)
    let type: TokenType = Numeral
    if (at - start === 4 && isDate(text, start)) {
      at = start + 10
      type = DateLiteral
    } else if (text.charCodeAt(at) === 46 && isDigit(text.charCodeAt(at + 1))) at = digits(text, at + 1)
    if (at - start > 15) this.#problem(z103, start, at, 'this number is too long', 'write at most 15 digits')
    this.#push(type, start, at, text.slice(start, at))
  }

  #string(): void {
    const block = this.#text.startsWith('"""', this.#at)
    const read = (block ? readBlock : readString)(this.#text, this.#at, this.#end)
    const start = this.#at
    if (!read.closed) {
      this.endsInText ||= block
      this.#problem(
        z101,
        start,
        block ? start + 3 : read.end,
        'this text is never closed',
        block ? 'end it with `"""`' : 'end it with `"` on the same line; texts of several lines stand between `"""`',
      )
    }
    for (const bad of read.badEscapes) {
      this.#problem(
        z103,
        bad,
        bad + 2,
        `\`${this.#text.slice(bad, bad + 2)}\` stands for nothing in a text`,
        'write `\\"`, `\\\\`, `\\n` or `\\t`',
      )
    }
    const line = this.#line
    this.#push(Text, start, read.end, '"…"', read)
    for (let at = newLine(this.#text, start, read.end); at !== undefined; at = newLine(this.#text, at + 1, read.end))
      this.#line++
    const token = this.tokens[this.tokens.length - 1]
    if (token && this.#line !== line) token.endLine = this.#line
  }

  #sign(): void {
    const start = this.#at
    if (this.#foreign()) return
    const two = doubles[this.#text.slice(start, start + 2)]
    const character = this.#text.charAt(start)
    const one = singles[character]
    if (two) this.#push(two, start, start + 2, this.#text.slice(start, start + 2))
    else if (one) {
      if (one === ParenOpen && ++this.#depth > deepest) this.#reportDepth(start)
      if (one === ParenClose) this.#depth = Math.max(0, this.#depth - 1)
      if (one === Open || one === Close) this.#depth = 0
      this.#push(one, start, start + 1, character)
    } else if (curlyQuotes[character]) this.#curly(curlyQuotes[character])
    else this.#unknown()
  }

  /** An operator of another language: reported, then read as the one that was meant. */
  #foreign(): boolean {
    const start = this.#at
    const image = foreignOperators.find(([sign]) => this.#text.startsWith(sign, start))
    if (!image) return false
    const [sign, meant] = image
    const hint = { words: `write \`${meant}\``, replacement: meant }
    this.#problem(z101, start, start + sign.length, `\`${sign}\` is no operator here`, hint)
    const type = doubles[meant] ?? singles[meant] ?? wordType(meant)
    this.#push(type, start, start + sign.length, meant)
    return true
  }

  #reportDepth(start: number): void {
    if (!this.tooDeep)
      this.#problem(
        z103,
        start,
        start + 1,
        `more than ${deepest} brackets stand in one another`,
        'split the expression',
      )
    this.tooDeep = true
  }

  /** A text in the wrong quotation marks: reported once, then read as the text that was meant. */
  #curly(closing: string): void {
    const start = this.#at
    const newLine = this.#text.indexOf('\n', start)
    const lineEnd = newLine < 0 ? this.#end : Math.min(newLine, this.#end)
    const found = this.#text.slice(start + 1, lineEnd).search(closing === '”' ? /[”“"]/ : closing)
    const end = found < 0 ? lineEnd : start + found + 2
    this.#problem(
      z101,
      start,
      end,
      `${this.#text.charAt(start)} is no quotation mark here`,
      'write texts between straight quotes: "…"',
    )
    this.#push(Text, start, end, '"…"', { value: this.#text.slice(start + 1, found < 0 ? end : end - 1) })
  }

  #unknown(): void {
    const start = this.#at
    let at = start
    while (at < this.#end && this.#isUnknown(at)) at += (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    this.#at = Math.max(at, start + 1)
    const shown = JSON.stringify(this.#text.slice(start, Math.min(at, start + 12))).slice(1, -1)
    this.#problem(z101, start, this.#at, `\`${shown}\` can't be read here`)
  }

  #isUnknown(at: number): boolean {
    const code = this.#text.charCodeAt(at)
    if (code <= 32 || code === 34 || code === 35 || code === 0xa0) return code < 9 || (code > 13 && code < 32)
    const character = this.#text.charAt(at)
    return !isDigit(code) && !isWordPart(this.#text, at) && !singles[character] && !curlyQuotes[character]
  }

  #push(tokenType: TokenType, start: number, end: number, image: string, payload?: StringValue): void {
    this.tokens.push({
      image,
      startOffset: start,
      endOffset: end - 1,
      startLine: this.#line,
      endLine: this.#line,
      tokenType,
      tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
      first: this.#first,
      payload,
    })
    this.#first = false
    this.#at = end
  }

  #problem(check: Check, start: number, end: number, message: string, hint?: Hint): void {
    this.badLines.add(this.#line)
    if (this.problems.length < mostProblems) this.problems.push(diagnose(check, this.#span(start, end), message, hint))
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end }
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function digits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/** `2026-12-25`, not followed by more digits. */
function isDate(text: string, start: number): boolean {
  return (
    text.charCodeAt(start + 4) === 45 &&
    text.charCodeAt(start + 7) === 45 &&
    digits(text, start + 5) === start + 7 &&
    digits(text, start + 8) === start + 10
  )
}

/** Whether all of a text is one word, so that it needs no quotes. */
export function isWord(text: string): boolean {
  if (text === '' || isDigit(text.charCodeAt(0))) return false
  for (let at = 0; at < text.length; at++) if (!isWordPart(text, at)) return false
  return true
}

/** Letters of any script count, so that a name in them gets one clear problem. */
function isWordPart(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || isDigit(code)
  return code !== 0xa0 && /[\p{L}\p{M}\p{N}]/u.test(text.charAt(at))
}
