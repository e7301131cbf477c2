import {
  EmbeddedActionsParser,
  EOF,
  type IToken,
  isRecognitionException,
  MismatchedTokenException,
  type ParserMethod,
  type TokenType,
} from 'chevrotain'
import { z101 } from '../checks/z101-unreadable.ts'
import { z102 } from '../checks/z102-unknown-word.ts'
import { z104 } from '../checks/z104-twice.ts'
import { type Diagnostic, diagnose, type Hint } from '../diagnostic.ts'
import { listOf } from '../list-of.ts'
import { didYouMean, nearest } from '../nearest.ts'
import { Source, type Span } from '../source.ts'
import type { Broken, Name } from '../tree.ts'
import type { Keyword } from '../vocabulary.ts'
import { type Body, outermost, startersOf, statementWords } from './body.ts'
import { collectInto } from './complaints.ts'
import type { Ending } from './ending.ts'
import { type Complaint, explainComplaint, shown, spanOf } from './expected.ts'
import type { Lexed } from './lexer.ts'
import {
  Anything,
  allTokens,
  Close,
  Colon,
  Comma,
  isKeywordType,
  keyword,
  Open,
  ParenClose,
  ParenOpen,
  type Token,
  Word,
} from './tokens.ts'

interface Noted {
  readonly types: readonly TokenType[]
  readonly offset: number
}

const insertable: ReadonlySet<TokenType> = new Set([keyword.to, Comma, Colon, ParenClose])
/** What a list goes on after, on whichever line. */
const inLists: ReadonlySet<TokenType> = new Set([Comma, ParenOpen])
const mostProblems = 500

/**
 * How the grammar gets over mistakes. A statement that can't be read is told once and left at the next statement or
 * after its own braces, so that one mistake never spoils its neighbours. Where a single small word is missing,
 * Chevrotain's own repair puts it in.
 */
export class TolerantParser extends EmbeddedActionsParser {
  protected source = new Source({ name: '', text: '' })
  readonly #complaints: Complaint[]
  #problems: Diagnostic[] = []
  #badLines = new Set<number>()
  #noted: Noted[] = []
  /** What was noted at the place before: getting over a mistake may have gone on from there. */
  #notedBefore: Noted[] = []
  /** The first token of each statement whose body is open. */
  #open: IToken[] = []
  /** The first token of the statement that is being read. */
  #start: IToken | undefined
  /** Where what is read ends. */
  #end = 0
  /** The file ends in the middle of something that is told already. */
  #endTold = false
  /** What could come at the end, as far as it is known; `settled` when what stands before it has been read. */
  #ending: { types: TokenType[]; body: Body | undefined; incomplete: boolean; settled: boolean } = nothingYet()

  constructor() {
    const complaints: Complaint[] = []
    super(allTokens, {
      recoveryEnabled: true,
      maxLookahead: 1,
      errorMessageProvider: collectInto(complaints),
    })
    this.#complaints = complaints
  }

  /** Takes the tokens of one file, or of a stretch that ends before the file does. */
  protected begin(source: Source, lexed: Lexed, end = source.text.length): void {
    this.source = source
    this.#end = end
    this.#problems = []
    this.#badLines = new Set(lexed.badLines)
    this.#endTold = lexed.endsInText
    this.#open = []
    this.#complaints.length = 0
    this.#noted = []
    this.#notedBefore = []
    this.#ending = nothingYet()
    this.input = lexed.tokens
  }

  /** What the grammar had to say about the file. */
  protected finish(): readonly Diagnostic[] {
    this.#settle()
    const problems = this.#problems
    this.input = []
    return problems
  }

  /** What could come next where the text ended. */
  protected get ending(): Ending {
    return this.#ending
  }

  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return insertable.has(type)
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return false
  }

  /** A grammar rule that leaves getting over mistakes to the statement it stands in. */
  protected rule<A extends unknown[], R>(name: string, implementation: (...args: A) => R): ParserMethod<A, R> {
    return this.RULE(name, implementation, { resyncEnabled: false }) as ParserMethod<A, R>
  }

  /** Says that these may come next, for a message in case none does. */
  protected note(types: readonly TokenType[]): void {
    if (this.RECORDING_PHASE) return
    this.offer(types)
    const offset = this.LA(1).startOffset
    if (this.#noted[0]?.offset !== offset) {
      this.#notedBefore = this.#noted
      this.#noted = []
    }
    this.#noted.push({ types, offset })
  }

  /** Says that these may come at the end of the text, for who writes on there; messages do not mention them. */
  protected offer(types: readonly TokenType[]): void {
    if (this.RECORDING_PHASE || this.#ending.settled || this.LA(1).tokenType !== EOF) return
    this.#ending.types.push(...types)
  }

  /** Reads one statement; a mistake in it ends at its end. */
  protected statement<T>(body: Body, read: () => T): T | Broken {
    if (this.RECORDING_PHASE) return read()
    const start = this.LA(1)
    const second = this.LA(2)
    const depth = this.#open.length
    this.#start = start
    try {
      return read()
    } catch (error) {
      if (!isRecognitionException(error as Error)) throw error
      this.#open.length = depth
      this.#settle()
      this.#skipStatement(body, start)
      return this.#broken(body, start, second)
    }
  }

  /** The statements of a body. A grammar rule of its own holds them, for nothing else may stand in that rule. */
  protected statements<T>(body: Body, statement: ParserMethod<[], T>): T[] {
    const statements: T[] = []
    this.MANY({
      GATE: () => this.goesOn(body),
      DEF: () => statements.push(this.SUBRULE(statement)),
    })
    return statements
  }

  /** `{ statements }`; the `}` may be missing. */
  protected braces<T>(list: ParserMethod<[], readonly T[]>): readonly T[] {
    const open = this.#openBrace()
    const items = this.SUBRULE(list)
    this.#closeBrace(open)
    return items
  }

  /** Reads what stands before a body's `{`; after a mistake goes on at that `{`, so that the body is read all the same. */
  protected head(read: () => void): void {
    if (this.RECORDING_PHASE) {
      read()
      return
    }
    try {
      read()
    } catch (error) {
      if (!isRecognitionException(error as Error)) throw error
      this.#settle()
      while (!this.#endsHead(this.LA(1))) this.SKIP_TOKEN()
      if (this.LA(1).tokenType !== Open) throw error
    }
  }

  /** Gives up at the next token: nothing of this is there. */
  protected refuse(expected: readonly TokenType[], ruleName = ''): never {
    const [actual, previous] = [this.LA(1), this.LA(0)]
    this.#complaints.push({ actual, previous, expected, ruleName })
    throw new MismatchedTokenException('', actual, previous)
  }

  /** Whether another statement of this body follows. What can only stand outside of it, and stands there, ends it. */
  protected goesOn(body: Body): boolean {
    const next = this.LA(1) as Token
    if (next.tokenType === EOF) {
      this.#settleEnding(body)
      return false
    }
    const open = this.#open[this.#open.length - 1]
    const mayBeOuter = next.first && body.outer.has(next.tokenType) && open !== undefined
    return !mayBeOuter || this.#column(next) > this.#indent(open)
  }

  /** Whether the next word, first on its line and in no list, rather begins a statement than names something. */
  protected beginsStatement(): boolean {
    const next = this.LA(1) as Token
    if (!next.first || this.RECORDING_PHASE || next === this.#start) return false
    return statementWords.has(next.tokenType) && !inLists.has(this.LA(0).tokenType)
  }

  /** The `{` of a body. */
  #openBrace(): IToken {
    const open = this.CONSUME(Open)
    if (!this.RECORDING_PHASE) this.#open.push(this.#start ?? open)
    return open
  }

  /** The `}` of a body. A missing one is told, with the `{` that it belongs to. */
  #closeBrace(open: IToken): void {
    this.#open.pop()
    if (this.RECORDING_PHASE || this.LA(1).tokenType === Close) {
      this.CONSUME(Close)
      return
    }
    this.#settle()
    const next = this.LA(1)
    if (next.tokenType !== EOF) {
      const hint = `the \`{\` of line ${(open as Token).startLine} is not closed`
      this.#report(next, `expected \`}\` before ${shown(this.source, next)}`, hint)
    } else if (!this.#endTold) {
      this.#endTold = true
      this.#report(open, 'this `{` is never closed', 'add the missing `}`')
    }
  }

  /** A statement that begins with no word of this body. */
  protected stray(body: Body): Broken {
    const start = this.LA(1) as Token
    const second = this.LA(2)
    this.CONSUME(Anything)
    if (this.RECORDING_PHASE) return { kind: 'broken', span: this.from(start) }
    if (!start.first && this.#noted[0]?.offset === start.startOffset) {
      this.#complaints.push({ actual: start, previous: this.LA(-1), expected: [], ruleName: '' })
      this.#settle()
    } else this.#reportStray(start, body)
    this.#skipStatement(body, start)
    return this.#broken(body, start, second)
  }

  /** Reports a word that stood in this statement `before`: of two values one would be lost. */
  protected reportTwice(word: IToken, before: unknown): void {
    if (this.RECORDING_PHASE || before === undefined) return
    this.#add(diagnose(z104, spanOf(this.source, word), `\`${word.image}\` stands here twice`, 'keep one of them'))
  }

  /** A `}` or another token that stands outside every declaration. */
  protected reportOutside(token: IToken): void {
    if (!this.RECORDING_PHASE)
      this.#report(
        token,
        `${shown(this.source, token)} closes nothing`,
        'take it away, or look for a missing `{` above',
      )
  }

  /** One of several, the first that fits: a keyword goes before a name that looks the same. */
  protected choose<T>(alternatives: { GATE?: () => boolean; ALT: () => T }[]): T {
    return this.OR({ IGNORE_AMBIGUITIES: true, DEF: alternatives })
  }

  /** Adds what a rule read; while the grammar is being recorded there is nothing yet. */
  protected append<T>(list: T[], more: readonly T[]): void {
    if (!this.RECORDING_PHASE) for (const item of more) list.push(item)
  }

  /** From a token to the last one read. */
  protected from(start: IToken): Span {
    if (this.RECORDING_PHASE) return { source: this.source, start: 0, end: 0 }
    return {
      source: this.source,
      start: start.startOffset,
      end: Math.max(start.startOffset, this.LA(0).endOffset ?? 0) + 1,
    }
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: spanOf(this.source, token) }
  }

  /** Whether the next token stands on the line of the last one. */
  protected get sameLine(): boolean {
    return !(this.LA(1) as Token).first
  }

  /** Whether the next token stands further right than `start` does. */
  protected isDeeper(start: IToken): boolean {
    return !this.RECORDING_PHASE && this.#column(this.LA(1)) > this.#column(start)
  }

  #column(token: IToken): number {
    return this.source.position(token.startOffset).column
  }

  /** The column at which the line of a token begins to say something. */
  #indent(token: IToken): number {
    const { line } = this.source.position(token.startOffset)
    return this.source.line(line).search(/\S/) + 1
  }

  /** A misspelled statement counts as the one that was meant, so that what it declares is known. */
  #broken(body: Body, start: IToken, second: IToken): Broken {
    const span = this.from(start)
    const of = isKeywordType(start.tokenType) ? (start.image as Keyword) : nearest(start.image, body.starters)
    if (of === undefined) return { kind: 'broken', span }
    const named = second.tokenType === Word || isKeywordType(second.tokenType)
    return { kind: 'broken', of: of as Keyword, ...(named ? { name: this.nameOf(second) } : {}), span }
  }

  #reportStray(token: Token, body: Body): void {
    const word = token.tokenType === Word || isKeywordType(token.tokenType)
    if (!word) {
      this.#report(
        token,
        `${shown(this.source, token)} can't be read here`,
        `${body.title} says: ${listOf(body.starters.map(quoted), 'or')}`,
      )
      return
    }
    if (this.#badLines.has(token.startLine)) return
    this.#badLines.add(token.startLine)
    const hint =
      didYouMean(token.image, body.starters) ?? `${body.title} says: ${listOf(body.starters.map(quoted), 'or')}`
    this.#add(
      diagnose(
        z102,
        spanOf(this.source, token),
        `${body.title} says nothing with \`${token.image.slice(0, 80)}\``,
        hint,
      ),
    )
  }

  #report(token: IToken, message: string, hint?: Hint): void {
    const line = (token as Token).startLine
    if (this.#badLines.has(line)) return
    this.#badLines.add(line)
    this.#add(diagnose(z101, spanOf(this.source, token), message, hint))
  }

  #add(problem: Diagnostic): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem)
  }

  /** The first complaint at the end of the text says what is wanted there; without one, the innermost body goes on. */
  #settleEnding(body?: Body): void {
    if (this.#ending.settled) return
    const complaint = this.#complaints.find(({ actual }) => actual.tokenType === EOF)
    if (!complaint && !body) return
    this.#ending.settled = true
    this.#ending.incomplete = complaint !== undefined
    if (complaint) this.#ending.types.push(...complaint.expected)
    else this.#ending.body = body
  }

  /** Turns Chevrotain's complaints into problems, one a line. */
  #settle(): void {
    this.#settleEnding()
    for (const complaint of this.#complaints) {
      const place = explainComplaint(this.source, this.#end, {
        ...complaint,
        previous: this.#before(complaint),
        noted: this.#notedTypes(complaint.actual),
      })
      const own = (complaint.actual as Token).startLine
      if (this.#badLines.has(place.line) || (own !== undefined && this.#badLines.has(own) && own === place.line))
        continue
      this.#badLines.add(place.line)
      this.#add(place)
    }
    this.#complaints.length = 0
  }

  /** What stands before a complaint's token: getting over the mistake may have left it far behind. */
  #before({ actual, previous }: Complaint): IToken {
    const index = actual.tokenType === EOF ? this.input.length : this.input.indexOf(actual)
    return this.input[index - 1] ?? previous
  }

  #notedTypes(actual: IToken): TokenType[] {
    return [...this.#notedBefore, ...this.#noted]
      .filter((noted) => noted.offset === actual.startOffset)
      .flatMap((noted) => noted.types)
  }

  /** To the next statement: past this one's braces, but not over a `}` that is not its own. */
  #skipStatement(body: Body, start: IToken): void {
    let depth = 0
    for (let next = this.LA(1) as Token; next.tokenType !== EOF; next = this.LA(1) as Token) {
      if (depth === 0 && next.tokenType === Close) return
      if (next.first && next !== start && (depth === 0 ? this.#begins(body, start, next) : this.#beginsAnew(next)))
        return
      if (next.tokenType === Open) depth++
      this.SKIP_TOKEN()
      if (next.tokenType === Close && --depth === 0) break
    }
    this.#skipGoTo()
  }

  /** Whether a line begins another statement: by its word, or because it is not set deeper than the bad one. */
  #begins(body: Body, start: IToken, next: Token): boolean {
    if (startersOf(body).has(next.tokenType) || body.outer.has(next.tokenType)) return true
    return (start as Token).first && this.#column(next) <= this.#column(start)
  }

  /** Whether a declaration begins at the margin: then a brace before it is missing. */
  #beginsAnew(next: Token): boolean {
    return outermost.has(next.tokenType) && this.#column(next) === 1
  }

  /** The `go to STAGE` behind a rule's braces. */
  #skipGoTo(): void {
    if (this.LA(1).tokenType !== keyword.go || !this.sameLine) return
    for (let word = 0; word < 3 && this.sameLine && this.LA(1).tokenType !== Close; word++) this.SKIP_TOKEN()
  }

  #endsHead(token: IToken): boolean {
    const type = token.tokenType
    return type === Open || type === Close || type === EOF || ((token as Token).first && isKeywordType(type))
  }
}

function quoted(word: string): string {
  return `\`${word}\``
}

function nothingYet() {
  return { types: [], body: undefined, incomplete: false, settled: false }
}
