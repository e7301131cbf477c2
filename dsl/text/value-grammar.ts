import type { IToken, TokenType } from 'chevrotain'
import type { DurationNode, Name, NumberNode, StringNode, TextNode } from '../tree.ts'
import { Comma, keyword, Numeral, Text, type Token, Word } from './tokens.ts'
import { TolerantParser } from './tolerant-parser.ts'

export const commaOnly: readonly TokenType[] = [Comma]
const workingTime = [keyword.working]

/** Names, texts, numbers and durations: what every statement is made of. */
export class ValueGrammar extends TolerantParser {
  protected readonly name = this.rule('name', (): Name => {
    if (this.beginsStatement()) this.refuse([Word], 'name')
    return this.nameOf(this.CONSUME(Word))
  })

  protected readonly names = this.rule('names', (): Name[] => {
    const names: Name[] = []
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => names.push(this.SUBRULE(this.name)) })
    this.note(commaOnly)
    return names
  })

  protected readonly string = this.rule('string', (): StringNode => this.stringOf(this.CONSUME(Text)))

  protected readonly strings = this.rule('strings', (): StringNode[] => {
    const strings: StringNode[] = []
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => strings.push(this.SUBRULE(this.string)) })
    this.note(commaOnly)
    return strings
  })

  /** A text, then the same in other languages: `"Order" pl "Zamówienie"`; or in other languages alone. */
  protected readonly text = this.rule('text', (): TextNode => {
    const start = this.LA(1)
    const parts: TextNode['parts'][number][] = []
    this.OR([
      { ALT: () => parts.push({ words: this.stringOf(this.CONSUME(Text)) }) },
      { GATE: () => this.isTranslation(), ALT: () => parts.push(this.SUBRULE(this.translation)) },
    ])
    this.MANY({ GATE: () => this.isTranslation(), DEF: () => parts.push(this.SUBRULE2(this.translation)) })
    return { parts, span: this.from(start) }
  })

  /** `pl "Zamówienie"` */
  protected readonly translation = this.rule('translation', (): TextNode['parts'][number] => {
    const language = this.nameOf(this.CONSUME(Word))
    return { language, words: this.stringOf(this.CONSUME(Text)) }
  })

  protected readonly number = this.rule('number', (): NumberNode => this.numberOf(this.CONSUME(Numeral)))

  /** `14 days`, `2 working days`, `10 days working`. */
  protected readonly duration = this.rule('duration', (): DurationNode => {
    const start = this.LA(1)
    const amount = this.numberOf(this.CONSUME(Numeral))
    const unit = this.SUBRULE(this.unit)
    return { amount, ...unit, span: this.from(start) }
  })

  protected readonly unit = this.rule('unit', (): { unit: Name; working: boolean } => {
    let working = false
    this.offer(workingTime)
    this.OPTION({
      DEF: () => {
        this.CONSUME(keyword.working)
        working = true
      },
    })
    if (!this.RECORDING_PHASE && !this.sameLine) this.refuse([Word], 'unit')
    const unit = this.nameOf(this.CONSUME(Word))
    this.OPTION2({
      GATE: () => this.sameLine,
      DEF: () => {
        this.CONSUME2(keyword.working)
        working = true
      },
    })
    return { unit, working }
  })

  /** The longest phrase of a list that stands here (`explicit consent`), else the word that stands instead. */
  protected readonly phrase = this.rule('phrase', (phrases: readonly string[]): Name => {
    const start = this.LA(1)
    if (this.beginsStatement()) this.refuse([Word], 'phrase')
    let text = this.CONSUME(Word).image
    this.MANY({
      GATE: () => continues(phrases, `${text} ${this.LA(1).image}`),
      DEF: () => {
        text += ` ${this.CONSUME2(Word).image}`
      },
    })
    return { text, span: this.from(start) }
  })

  /** Whether a title follows. */
  protected isText(): boolean {
    return this.LA(1).tokenType === Text || this.isTranslation()
  }

  protected isTranslation(): boolean {
    return this.LA(1).image.length === 2 && this.LA(2).tokenType === Text && !this.beginsStatement()
  }

  protected stringOf(token: IToken): StringNode {
    const read = (token as Token).payload
    const span = { source: this.source, start: token.startOffset, end: (token.endOffset ?? 0) + 1 }
    return { value: read?.value ?? '', span, ...(read?.pieces ? { pieces: read.pieces } : {}) }
  }

  protected numberOf(token: IToken): NumberNode {
    return { value: Number(token.image), written: token.image, span: this.nameOf(token).span }
  }
}

function continues(phrases: readonly string[], text: string): boolean {
  return phrases.some((phrase) => phrase === text || phrase.startsWith(`${text} `))
}
