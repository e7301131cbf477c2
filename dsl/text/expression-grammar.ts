import type { IToken, TokenType } from 'chevrotain'
import { z103 } from '../checks/z103-form.ts'
import { type Diagnostic, diagnose } from '../diagnostic.ts'
import { join } from '../source.ts'
import type { ExpressionNode, Name } from '../tree.ts'
import { units } from '../vocabulary.ts'
import {
  Comma,
  DateLiteral,
  Dot,
  Equal,
  Greater,
  GreaterOrEqual,
  keyword,
  Less,
  LessOrEqual,
  Minus,
  Numeral,
  ParenClose,
  ParenOpen,
  Plus,
  Slash,
  Star,
  Text,
  type Token,
  Unequal,
  Word,
} from './tokens.ts'
import { commaOnly, ValueGrammar } from './value-grammar.ts'

type Binary = Extract<ExpressionNode, { kind: 'binary' }>['operator']

/** How many tokens one expression may have: what works on it later goes down it in steps. */
const longest = 1000
const infix = [keyword.and, keyword.or, keyword.is, keyword.in, keyword.contains]
const denial = [keyword.not]
const valueWords = [Word, keyword.consent, keyword.stage]
const consentTests = [keyword.is, keyword.in]

/** Expressions, by precedence. */
export class ExpressionGrammar extends ValueGrammar {
  protected readonly tooLong: Diagnostic[] = []
  /** In a table a row's value ends with its line, for the next row may begin with `-` or with a name such as `in`. */
  #oneLine = false

  protected readonly expression = this.rule('expression', (): ExpressionNode => {
    const start = this.LA(1)
    let left = this.SUBRULE(this.conjunction)
    this.note(infix)
    this.MANY({
      GATE: () => this.#goesOn(1),
      DEF: () => {
        this.CONSUME(keyword.or)
        const right = this.SUBRULE2(this.conjunction)
        left = this.binary('or', left, right)
      },
    })
    this.note(infix)
    return this.#bounded(start, left)
  })

  /** A row's value. */
  protected readonly lineExpression = this.rule('lineExpression', (): ExpressionNode => {
    const before = this.#oneLine
    this.#oneLine = true
    try {
      return this.SUBRULE(this.expression)
    } finally {
      this.#oneLine = before
    }
  })

  protected readonly conjunction = this.rule('conjunction', (): ExpressionNode => {
    let left = this.SUBRULE(this.negation)
    this.MANY({
      GATE: () => this.#goesOn(1),
      DEF: () => {
        this.CONSUME(keyword.and)
        const right = this.SUBRULE2(this.negation)
        left = this.binary('and', left, right)
      },
    })
    return left
  })

  protected readonly negation = this.rule('negation', (): ExpressionNode => {
    const nots: IToken[] = []
    this.offer(denial)
    this.MANY({
      GATE: () => startsValue(this.LA(2) as Token),
      DEF: () => nots.push(this.CONSUME(keyword.not)),
    })
    return this.prefixed('not', nots, this.SUBRULE(this.comparison))
  })

  protected readonly comparison = this.rule('comparison', (): ExpressionNode => {
    const start = this.LA(1)
    const left = this.SUBRULE(this.sum)
    let result = left
    this.OPTION({
      GATE: () => this.#goesOn(1),
      DEF: () => {
        result = this.OR([
          {
            ALT: () => {
              const operator = this.SUBRULE(this.comparator)
              const right = this.SUBRULE2(this.sum)
              return this.binary(operator, left, right)
            },
          },
          {
            ALT: (): ExpressionNode => {
              this.CONSUME(keyword.is)
              const state = this.OR2([
                { ALT: () => this.CONSUME(keyword.filled) },
                { ALT: () => this.CONSUME(keyword.missing) },
              ])
              return { kind: 'is', of: left, state: this.nameOf(state), span: this.from(start) }
            },
          },
          {
            ALT: (): ExpressionNode => {
              this.CONSUME(keyword.in)
              const options = this.SUBRULE(this.inputs)
              return { kind: 'in', of: left, options, span: this.from(start) }
            },
          },
          {
            ALT: (): ExpressionNode => {
              this.CONSUME(keyword.contains)
              const part = this.SUBRULE3(this.sum)
              return { kind: 'contains', of: left, part, span: this.from(start) }
            },
          },
        ])
      },
    })
    return result
  })

  protected readonly comparator = this.rule(
    'comparator',
    (): Binary =>
      this.OR([
        { ALT: () => this.CONSUME(Equal) },
        { ALT: () => this.CONSUME(Unequal) },
        { ALT: () => this.CONSUME(LessOrEqual) },
        { ALT: () => this.CONSUME(Less) },
        { ALT: () => this.CONSUME(GreaterOrEqual) },
        { ALT: () => this.CONSUME(Greater) },
      ]).image as Binary,
  )

  /** `(a, b)` */
  protected readonly inputs = this.rule('inputs', (): ExpressionNode[] => {
    this.CONSUME(ParenOpen)
    const inputs = this.SUBRULE(this.expressions)
    this.CONSUME(ParenClose)
    return inputs
  })

  protected readonly expressions = this.rule('expressions', (): ExpressionNode[] => {
    const inputs: ExpressionNode[] = []
    this.offer(valueWords)
    this.MANY_SEP({ SEP: Comma, DEF: () => inputs.push(this.SUBRULE(this.expression)) })
    this.note(commaOnly)
    return inputs
  })

  protected readonly sum = this.rule('sum', (): ExpressionNode => {
    let left = this.SUBRULE(this.product)
    this.MANY({
      GATE: () => this.#goesOn(1),
      DEF: () => {
        const operator = this.OR([{ ALT: () => this.CONSUME(Plus) }, { ALT: () => this.CONSUME(Minus) }])
          .image as Binary
        const right = this.SUBRULE2(this.product)
        left = this.binary(operator, left, right)
      },
    })
    return left
  })

  protected readonly product = this.rule('product', (): ExpressionNode => {
    let left = this.SUBRULE(this.unary)
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(Star) }, { ALT: () => this.CONSUME(Slash) }]).image as Binary
      const right = this.SUBRULE2(this.unary)
      left = this.binary(operator, left, right)
    })
    return left
  })

  protected readonly unary = this.rule('unary', (): ExpressionNode => {
    const signs: IToken[] = []
    this.MANY(() => signs.push(this.CONSUME(Minus)))
    return this.prefixed('negate', signs, this.SUBRULE(this.primary))
  })

  protected readonly primary = this.rule(
    'primary',
    (): ExpressionNode =>
      this.OR([
        { GATE: () => this.LA(2).tokenType === keyword.to && this.#goesOn(2), ALT: () => this.SUBRULE(this.consent) },
        { GATE: () => this.LA(2).tokenType === keyword.was && this.#goesOn(2), ALT: () => this.SUBRULE(this.stageWas) },
        { ALT: () => this.SUBRULE(this.word) },
        { ALT: () => this.SUBRULE(this.amount) },
        { ALT: () => this.dateOf(this.CONSUME(DateLiteral)) },
        { ALT: (): ExpressionNode => ({ kind: 'string', ...this.SUBRULE(this.string) }) },
        { ALT: () => this.SUBRULE(this.bracketed) },
      ]),
  )

  protected readonly bracketed = this.rule('bracketed', (): ExpressionNode => {
    const start = this.LA(1)
    this.CONSUME(ParenOpen)
    const inner = this.SUBRULE(this.expression)
    this.CONSUME(ParenClose)
    return { ...inner, span: this.from(start) }
  })

  /** A number, or a duration where a unit follows on the same line. */
  protected readonly amount = this.rule('amount', (): ExpressionNode => {
    const start = this.LA(1)
    const amount = this.numberOf(this.CONSUME(Numeral))
    const unit = this.OPTION({
      GATE: () => this.sameLine && isUnit(this.LA(1), this.LA(2)),
      DEF: () => this.SUBRULE(this.unit),
    })
    const span = this.from(start)
    return unit ? { kind: 'duration', duration: { amount, ...unit, span }, span } : { kind: 'number', ...amount }
  })

  /** `consent to P`, `consent to P is given`, `consent to P in (given, refused)`. */
  protected readonly consent = this.rule('consent', (): ExpressionNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.consent)
    this.CONSUME(keyword.to)
    const purpose = this.SUBRULE(this.name)
    const statuses = this.OPTION({
      GATE: () => this.#goesOn(1),
      DEF: () =>
        this.OR([
          {
            ALT: (): Name[] => {
              this.CONSUME(keyword.is)
              return [this.SUBRULE2(this.name)]
            },
          },
          {
            ALT: (): Name[] => {
              this.CONSUME(keyword.in)
              this.CONSUME(ParenOpen)
              const names = this.SUBRULE(this.names)
              this.CONSUME(ParenClose)
              return names
            },
          },
        ]),
    })
    if (!statuses) this.note(consentTests)
    return { kind: 'consent', purpose, ...(statuses ? { statuses } : {}), span: this.from(start) }
  })

  protected readonly stageWas = this.rule('stageWas', (): ExpressionNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.stage)
    this.CONSUME(keyword.was)
    const stage = this.SUBRULE(this.name)
    return { kind: 'stage was', stage, span: this.from(start) }
  })

  /** A bare word, `client.name`, `shipping(weight, country)` or `days between(a, b)`. */
  protected readonly word = this.rule('word', (): ExpressionNode => {
    const start = this.LA(1)
    if (this.beginsStatement()) this.refuse([Word], 'primary')
    const name = this.OR([
      {
        GATE: () => this.LA(2).tokenType === keyword.between && this.#goesOn(2),
        ALT: () => this.SUBRULE(this.daysBetween),
      },
      { ALT: () => this.SUBRULE(this.name) },
    ])
    const more = this.OPTION({
      GATE: () => this.sameLine,
      DEF: () =>
        this.OR2([
          {
            ALT: (): ExpressionNode => {
              this.CONSUME(Dot)
              const property = this.SUBRULE2(this.name)
              return { kind: 'member', of: name, property, span: this.from(start) }
            },
          },
          {
            ALT: (): ExpressionNode => {
              const inputs = this.SUBRULE(this.inputs)
              return { kind: 'call', name, inputs, span: this.from(start) }
            },
          },
        ]),
    })
    return more ?? { kind: 'word', name, span: this.from(start) }
  })

  protected readonly daysBetween = this.rule('daysBetween', (): Name => {
    const start = this.LA(1)
    this.CONSUME(keyword.days)
    this.CONSUME(keyword.between)
    return { text: 'days between', span: this.from(start) }
  })

  /** Whether a token ahead still belongs to this expression, as far as lines tell. */
  #goesOn(ahead: number): boolean {
    return !this.#oneLine || !(this.LA(ahead) as Token).first
  }

  protected dateOf(token: IToken): ExpressionNode {
    const name = this.nameOf(token)
    return { kind: 'date', value: name.text, span: name.span }
  }

  protected binary(operator: Binary, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
    if (this.RECORDING_PHASE) return left
    return { kind: 'binary', operator, left, right, span: join(left.span, right.span) }
  }

  protected prefixed(kind: 'not' | 'negate', prefixes: readonly IToken[], operand: ExpressionNode): ExpressionNode {
    if (this.RECORDING_PHASE) return operand
    return prefixes.reduceRight<ExpressionNode>(
      (of, prefix) => ({ kind, of, span: join(this.nameOf(prefix).span, of.span) }),
      operand,
    )
  }

  /** An expression that is too long is told and taken as one that fits everywhere. */
  #bounded(start: IToken, expression: ExpressionNode): ExpressionNode {
    if (this.RECORDING_PHASE || this.#countFrom(start) <= longest) return expression
    const span = this.from(start)
    this.tooLong.push(
      diagnose(
        z103,
        this.nameOf(start).span,
        `this expression is longer than ${longest} words`,
        'split it, or use a table',
      ),
    )
    return { kind: 'broken', span }
  }

  /** Tokens from `start` to here, counted up to a little more than allowed. */
  #countFrom(start: IToken): number {
    let count = 0
    while (count <= longest && this.LA(-count) !== start && this.LA(-count).startOffset > start.startOffset) count++
    return count
  }
}

function isUnit(word: IToken, next: IToken): boolean {
  return Object.hasOwn(units, word.image) || (word.tokenType === keyword.working && Object.hasOwn(units, next.image))
}

const valueStarts: ReadonlySet<TokenType> = new Set([Word, Numeral, Text, DateLiteral, ParenOpen, Minus])
const infixWords: ReadonlySet<TokenType> = new Set(infix)

/** Whether `not` is followed by what it denies; else it is a name itself. */
function startsValue(next: Token): boolean {
  if (valueStarts.has(next.tokenType)) return true
  return next.tokenType.CATEGORIES?.includes(Word) === true && !infixWords.has(next.tokenType)
}
