import { EOF } from 'chevrotain'
import type {
  AccessNode,
  Broken,
  ExpressionNode,
  FieldNode,
  Name,
  NeedsNode,
  OptionNode,
  ProcessItem,
  ProcessNode,
  Property,
  ShownNode,
  StageItem,
  StageNode,
  TextNode,
  TypeNode,
} from '../tree.ts'
import { optionTypes, plainTypes } from '../vocabulary.ts'
import { processBody, stageBody } from './bodies.ts'
import { RuleGrammar } from './rule-grammar.ts'
import { Close, Colon, Comma, keyword, Open, ParenClose, ParenOpen, Text } from './tokens.ts'

/** What a declaration is called. */
export interface Heading {
  name: Name | undefined
  title?: TextNode
}

const typeNames = [...plainTypes, ...optionTypes]
const afterShow = [keyword.to]
const afterType = [keyword.personal, keyword.special, keyword.default]
const afterTitle = [keyword.success, keyword.was]

/** A process: fields, stages and rules. */
export class ProcessGrammar extends RuleGrammar {
  protected readonly process = this.rule('process', (): ProcessNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.process)
    const heading = this.headed(() => this.wantBody())
    const span = this.from(start)
    const items = this.braces(this.processItems)
    return { kind: 'process', ...heading, items, span, extent: this.from(start) }
  })

  /** What a declaration is called, up to `end`, which says what must follow. */
  protected headed(end: () => void): Heading {
    const heading: Heading = { name: undefined }
    this.head(() => {
      this.SUBRULE(this.heading, { ARGS: [heading] })
      end()
    })
    return heading
  }

  /** `NAME ["Title"]`, put into `heading` as it is read, so that a mistake in the title does not lose the name. */
  protected readonly heading = this.rule('heading', (heading: Heading): void => {
    const name = this.SUBRULE(this.name)
    if (heading) heading.name = name
    const title = this.OPTION({ GATE: () => this.isText(), DEF: () => this.SUBRULE(this.text) })
    if (heading && title) heading.title = title
  })

  protected readonly processItems = this.rule('processItems', (): ProcessItem[] =>
    this.statements(processBody, this.processItem),
  )

  protected readonly processItem = this.rule(
    'processItem',
    (): ProcessItem =>
      this.statement(processBody, () =>
        this.choose<ProcessItem>([
          { ALT: () => this.SUBRULE(this.showStatement) },
          { ALT: () => this.SUBRULE(this.editStatement) },
          { ALT: () => this.SUBRULE(this.movesStatement) },
          { ALT: () => this.SUBRULE(this.access) },
          { ALT: () => this.SUBRULE(this.field) },
          { ALT: () => this.SUBRULE(this.stage) },
          { ALT: () => this.SUBRULE(this.onStatement) },
          { ALT: () => this.SUBRULE(this.timed) },
          { ALT: () => this.SUBRULE(this.move) },
          { ALT: () => this.SUBRULE(this.strayInProcess) },
        ]),
      ),
  )

  protected readonly strayInProcess = this.rule('strayInProcess', (): Broken => this.stray(processBody))

  /** `show in portal`, or fields as in a stage. */
  protected readonly showStatement = this.rule('showStatement', (): ProcessItem => {
    const start = this.LA(1)
    this.CONSUME(keyword.show)
    return this.choose<ProcessItem>([
      {
        GATE: () => this.LA(2).tokenType === keyword.portal,
        ALT: () => {
          this.CONSUME(keyword.in)
          this.CONSUME(keyword.portal)
          return { kind: 'portal', value: true, span: this.from(start) }
        },
      },
      { ALT: () => ({ kind: 'show', ...this.SUBRULE(this.shown), span: this.from(start) }) },
    ])
  })

  protected readonly editStatement = this.rule('editStatement', (): ShownNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.edit)
    return { kind: 'edit', ...this.SUBRULE(this.shown), span: this.from(start) }
  })

  /** `FIELD, … [to ROLE, …]` */
  protected readonly shown = this.rule('shown', (): { fields: Name[]; to?: Name[] } => {
    const fields = this.SUBRULE(this.names)
    this.note(afterShow)
    const to = this.OPTION(() => {
      this.CONSUME(keyword.to)
      return this.SUBRULE2(this.names)
    })
    return { fields, ...(to ? { to } : {}) }
  })

  protected readonly movesStatement = this.rule('movesStatement', (): Property<'moves', Name> => {
    const start = this.LA(1)
    this.CONSUME(keyword.moves)
    const value = this.OR([{ ALT: () => this.CONSUME(keyword.declared) }, { ALT: () => this.CONSUME(keyword.free) }])
    return { kind: 'moves', value: this.nameOf(value), span: this.from(start) }
  })

  protected readonly access = this.rule('access', (): AccessNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.access)
    const role = this.SUBRULE(this.name)
    this.CONSUME(Colon)
    const rights = this.SUBRULE(this.names)
    return { kind: 'access', role, rights, span: this.from(start) }
  })

  protected readonly field = this.rule('field', (): FieldNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.field)
    const name = this.SUBRULE(this.name)
    const title = this.OPTION({ GATE: () => this.isText(), DEF: () => this.SUBRULE(this.text) })
    const type = this.SUBRULE(this.type)
    const traits = this.SUBRULE(this.fieldTraits)
    return { kind: 'field', name, ...(title ? { title } : {}), type, ...traits, span: this.from(start) }
  })

  /** `personal for P, Q`, `special` and `default EXPR`, in any order, with or without commas. */
  protected readonly fieldTraits = this.rule(
    'fieldTraits',
    (): { personal: Name[]; special: boolean; default?: ExpressionNode } => {
      const personal: Name[] = []
      let special = false
      let value: ExpressionNode | undefined
      this.note(afterType)
      this.MANY(() => {
        this.OPTION(() => this.CONSUME(Comma))
        this.OR([
          {
            ALT: () => {
              this.CONSUME(keyword.personal)
              this.CONSUME(keyword.for)
              this.append(personal, this.SUBRULE(this.purposes))
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.special)
              special = true
            },
          },
          {
            ALT: () => {
              this.reportTwice(this.CONSUME(keyword.default), value)
              value = this.SUBRULE(this.expression)
            },
          },
        ])
        this.note(afterType)
      })
      return { personal, special, ...(value ? { default: value } : {}) }
    },
  )

  /** Names of purposes; a comma before `special` or `default` ends them. */
  protected readonly purposes = this.rule('purposes', (): Name[] => {
    const purposes = [this.SUBRULE(this.name)]
    this.MANY({
      GATE: () => !endsPurposes.has(this.LA(2).tokenType),
      DEF: () => {
        this.CONSUME(Comma)
        purposes.push(this.SUBRULE2(this.name))
      },
    })
    this.note(listComma)
    return purposes
  })

  protected readonly type = this.rule('type', (): TypeNode => {
    const start = this.LA(1)
    const name = this.SUBRULE(this.phrase, { ARGS: [typeNames] })
    const options = this.OPTION(() => this.SUBRULE(this.options))
    return { name, ...(options ? { options } : {}), span: this.from(start) }
  })

  protected readonly options = this.rule('options', (): OptionNode[] => {
    this.CONSUME(ParenOpen)
    const options = this.SUBRULE(this.optionList)
    this.CONSUME(ParenClose)
    return options
  })

  protected readonly optionList = this.rule('optionList', (): OptionNode[] => {
    const options: OptionNode[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              const word = this.SUBRULE(this.name)
              options.push({ value: word?.text, span: word?.span })
            },
          },
          {
            ALT: () => {
              const string = this.stringOf(this.CONSUME(Text))
              options.push({ value: string.value, span: string.span })
            },
          },
        ]),
    })
    this.note(listComma)
    return options
  })

  /** `[final] stage NAME [was OLD] ["Title"] [success] { … }` */
  protected readonly stage = this.rule('stage', (): StageNode => {
    const start = this.LA(1)
    let final = false
    let name: Name | undefined
    let title: TextNode | undefined
    let was: Name | undefined
    let success = false
    this.OPTION(() => {
      this.CONSUME(keyword.final)
      final = true
    })
    this.CONSUME(keyword.stage)
    this.head(() => {
      name = this.SUBRULE(this.name)
      was = this.SUBRULE(this.wasName)
      title = this.OPTION2({ GATE: () => this.isText(), DEF: () => this.SUBRULE(this.text) })
      was ??= this.SUBRULE2(this.wasName)
      this.note(afterTitle)
      this.OPTION3(() => {
        this.CONSUME(keyword.success)
        success = true
      })
      this.wantBodyOrEnd()
    })
    const span = this.from(start)
    const items = this.SUBRULE(this.stageBraces) ?? []
    return {
      kind: 'stage',
      name,
      ...(title ? { title } : {}),
      ...(was ? { was } : {}),
      final,
      success,
      items,
      span,
      extent: this.from(start),
    }
  })

  protected readonly wasName = this.rule('wasName', (): Name | undefined =>
    this.OPTION(() => {
      this.CONSUME(keyword.was)
      return this.SUBRULE(this.name)
    }),
  )

  /** A stage without anything to say may leave its braces away. */
  protected readonly stageBraces = this.rule('stageBraces', (): readonly StageItem[] | undefined =>
    this.OPTION(() => this.braces(this.stageItems)),
  )

  protected readonly stageItems = this.rule('stageItems', (): StageItem[] => this.statements(stageBody, this.stageItem))

  protected readonly stageItem = this.rule(
    'stageItem',
    (): StageItem =>
      this.statement(stageBody, () =>
        this.choose<StageItem>([
          { ALT: () => this.SUBRULE(this.stageShow) },
          { ALT: () => this.SUBRULE(this.editStatement) },
          { ALT: () => this.SUBRULE(this.require) },
          { ALT: () => this.SUBRULE(this.forbid) },
          { ALT: () => this.SUBRULE(this.needs) },
          { ALT: () => this.SUBRULE(this.onStatement) },
          { ALT: () => this.SUBRULE(this.timed) },
          { ALT: () => this.SUBRULE(this.move) },
          { ALT: () => this.SUBRULE(this.strayInStage) },
        ]),
      ),
  )

  protected readonly strayInStage = this.rule('strayInStage', (): Broken => this.stray(stageBody))

  protected readonly stageShow = this.rule('stageShow', (): ShownNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.show)
    return { kind: 'show', ...this.SUBRULE(this.shown), span: this.from(start) }
  })

  protected readonly require = this.rule('require', (): Property<'require', Name[]> => {
    const start = this.LA(1)
    this.CONSUME(keyword.require)
    return { kind: 'require', value: this.SUBRULE(this.names), span: this.from(start) }
  })

  protected readonly forbid = this.rule('forbid', (): Property<'forbid', true> => {
    const start = this.LA(1)
    this.CONSUME(keyword.forbid)
    this.CONSUME(keyword.manual)
    this.CONSUME(keyword.entry)
    return { kind: 'forbid', value: true, span: this.from(start) }
  })

  protected readonly needs = this.rule('needs', (): NeedsNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.needs)
    this.CONSUME(keyword.consent)
    this.CONSUME(keyword.to)
    const purpose = this.SUBRULE(this.name)
    this.note(listComma)
    const otherwise = this.OPTION(() => this.SUBRULE(this.otherwise))
    return { kind: 'needs', purpose, ...(otherwise ? { otherwise } : {}), span: this.from(start) }
  })

  /** `, otherwise go to STAGE` */
  protected readonly otherwise = this.rule('otherwise', (): Name => {
    this.OPTION(() => this.CONSUME(Comma))
    this.CONSUME(keyword.otherwise)
    this.CONSUME(keyword.go)
    this.CONSUME(keyword.to)
    return this.SUBRULE(this.name)
  })

  /** A head is followed by `{`; what stands instead is a mistake in the head. */
  protected wantBody(): void {
    if (!this.RECORDING_PHASE && this.LA(1).tokenType !== Open) this.refuse([Open])
  }

  /** A head that may stand alone ends with its line. */
  protected wantBodyOrEnd(): void {
    const next = this.LA(1).tokenType
    if (!this.RECORDING_PHASE && this.sameLine && next !== Open && next !== Close && next !== EOF) this.refuse([Open])
  }
}

const listComma = [Comma]
const endsPurposes = new Set([keyword.special, keyword.default, keyword.personal])
