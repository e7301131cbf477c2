import type { IToken } from 'chevrotain'
import type {
  ActionNode,
  Broken,
  ExpressionNode,
  Name,
  PassageNode,
  RuleNode,
  StringNode,
  TextNode,
  TriggerNode,
} from '../tree.ts'
import { ActionGrammar } from './action-grammar.ts'
import { keyword, Open } from './tokens.ts'

interface MoveParts {
  readonly by?: Name[]
  readonly as?: TextNode
  readonly when?: ExpressionNode
}

const afterReply = [keyword.to, keyword.saying, keyword.when]
const saidMore = [keyword.or]
const afterMove = [keyword.by, keyword.as, keyword.when, Open]
const maybeWhen = [keyword.when]
const thenGo = [keyword.go]

/** What has to happen, on what condition, and what follows. */
export class RuleGrammar extends ActionGrammar {
  protected readonly onStatement = this.rule('onStatement', (): RuleNode | PassageNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.on)
    return this.OR([
      { ALT: () => this.SUBRULE(this.passage, { ARGS: [start] }) },
      { ALT: () => this.SUBRULE(this.happening, { ARGS: [start] }) },
    ])
  })

  protected readonly passage = this.rule('passage', (start: IToken): PassageNode => {
    const way = this.OR([{ ALT: () => this.CONSUME(keyword.enter) }, { ALT: () => this.CONSUME(keyword.leave) }])
    const span = this.from(start)
    const value = this.SUBRULE(this.actions)
    return { kind: way.image as 'enter' | 'leave', value, span, extent: this.from(start) }
  })

  protected readonly happening = this.rule('happening', (start: IToken): RuleNode => {
    let trigger: TriggerNode | undefined
    let when: ExpressionNode | undefined
    this.head(() => {
      trigger = this.choose<TriggerNode>([
        { ALT: () => this.SUBRULE(this.onReply) },
        { ALT: () => this.SUBRULE(this.onForm) },
        { ALT: () => this.SUBRULE(this.onConsent) },
        { ALT: () => this.SUBRULE(this.onSignal) },
        { ALT: () => this.SUBRULE(this.onCasesDone) },
      ])
      this.note(maybeWhen)
      when = this.SUBRULE(this.condition)
      this.wantConsequence()
    })
    const span = this.from(start)
    const actions = this.SUBRULE(this.consequence)
    return {
      kind: 'rule',
      trigger: trigger ?? { kind: 'when' },
      ...(when ? { when } : {}),
      actions,
      span,
      extent: this.from(start),
    }
  })

  protected readonly onReply = this.rule('onReply', (): TriggerNode => {
    this.CONSUME(keyword.reply)
    this.CONSUME(keyword.from)
    this.CONSUME(keyword.client)
    const letter = this.OPTION(() => {
      this.CONSUME(keyword.to)
      return this.SUBRULE(this.name)
    })
    this.note(afterReply)
    const saying = this.OPTION2(() => this.SUBRULE(this.sayings))
    return { kind: 'reply', ...(letter ? { letter } : {}), saying: saying ?? [] }
  })

  /** `saying "…" or "…"` */
  protected readonly sayings = this.rule('sayings', (): StringNode[] => {
    this.CONSUME(keyword.saying)
    const phrases = [this.SUBRULE(this.string)]
    this.MANY(() => {
      this.CONSUME(keyword.or)
      phrases.push(this.SUBRULE2(this.string))
    })
    this.note(saidMore)
    return phrases
  })

  protected readonly onForm = this.rule('onForm', (): TriggerNode => {
    this.CONSUME(keyword.form)
    return { kind: 'form', form: this.SUBRULE(this.name) }
  })

  protected readonly onConsent = this.rule('onConsent', (): TriggerNode => {
    this.CONSUME(keyword.consent)
    this.CONSUME(keyword.to)
    const purpose = this.SUBRULE(this.name)
    const decision = this.SUBRULE2(this.name)
    return { kind: 'consent', purpose, decision }
  })

  protected readonly onSignal = this.rule('onSignal', (): TriggerNode => {
    this.CONSUME(keyword.signal)
    return { kind: 'signal', signal: this.SUBRULE(this.name) }
  })

  protected readonly onCasesDone = this.rule('onCasesDone', (): TriggerNode => {
    this.CONSUME(keyword.cases)
    this.CONSUME(keyword.done)
    return { kind: 'cases done' }
  })

  /** `after DURATION`, `at EXPR` and `when EXPR`. */
  protected readonly timed = this.rule('timed', (): RuleNode => {
    const start = this.LA(1)
    let trigger: TriggerNode | undefined
    let when: ExpressionNode | undefined
    this.head(() => {
      const read = this.SUBRULE(this.timedHead)
      trigger = read?.trigger
      when = read?.when
      this.wantConsequence()
    })
    const span = this.from(start)
    const actions = this.SUBRULE(this.consequence)
    return {
      kind: 'rule',
      trigger: trigger ?? { kind: 'when' },
      ...(when ? { when } : {}),
      actions,
      span,
      extent: this.from(start),
    }
  })

  protected readonly timedHead = this.rule(
    'timedHead',
    (): { trigger: TriggerNode; when?: ExpressionNode | undefined } =>
      this.choose<{ trigger: TriggerNode; when?: ExpressionNode | undefined }>([
        {
          ALT: () => {
            this.CONSUME(keyword.after)
            const delay = this.SUBRULE(this.duration)
            this.note(maybeWhen)
            return { trigger: { kind: 'after', delay }, when: this.SUBRULE(this.condition) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.at)
            const time = this.SUBRULE(this.expression)
            this.note(maybeWhen)
            return { trigger: { kind: 'at', time }, when: this.SUBRULE2(this.condition) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.when)
            return { trigger: { kind: 'when' }, when: this.SUBRULE2(this.expression) }
          },
        },
      ]),
  )

  /** `{ actions }`, `go to STAGE`, or both. */
  protected readonly consequence = this.rule('consequence', (): ActionNode[] => {
    const actions: ActionNode[] = []
    this.OPTION(() => this.append(actions, this.SUBRULE(this.actions)))
    this.offer(thenGo)
    const start = this.LA(1)
    this.OPTION2(() => this.append(actions, [{ ...this.SUBRULE(this.goTo), span: this.from(start) }]))
    return actions
  })

  /** `move to STAGE [by ROLE, …] [when EXPR] [as "…"] [{ actions }]` */
  protected readonly move = this.rule('move', (): RuleNode | Broken => {
    const start = this.LA(1)
    this.CONSUME(keyword.move)
    this.CONSUME(keyword.to)
    const to = this.SUBRULE(this.name)
    const parts = this.SUBRULE(this.moveParts, { ARGS: [start] })
    const span = this.from(start)
    const actions = this.OPTION(() => this.SUBRULE(this.actions)) ?? []
    const { by, as, when }: MoveParts = parts ?? {}
    return {
      kind: 'rule',
      trigger: { kind: 'move', to, ...(by ? { by } : {}), ...(as ? { as } : {}) },
      ...(when ? { when } : {}),
      actions,
      span,
      extent: this.from(start),
    }
  })

  protected readonly moveParts = this.rule('moveParts', (start: IToken): MoveParts => {
    let by: Name[] | undefined
    let as: TextNode | undefined
    let when: ExpressionNode | undefined
    this.MANY({
      // A `when` at the start of a line begins a rule of its own, unless it is set deeper than this move.
      GATE: () => this.sameLine || this.LA(1).tokenType !== keyword.when || this.isDeeper(start),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              this.reportTwice(this.CONSUME(keyword.by), by)
              by = this.SUBRULE(this.names)
            },
          },
          {
            ALT: () => {
              this.reportTwice(this.CONSUME(keyword.as), as)
              as = this.SUBRULE(this.text)
            },
          },
          {
            ALT: () => {
              this.reportTwice(this.CONSUME(keyword.when), when)
              when = this.SUBRULE(this.expression)
            },
          },
        ]),
    })
    this.note(afterMove)
    return { ...(by ? { by } : {}), ...(as ? { as } : {}), ...(when ? { when } : {}) }
  })

  /** A head is followed by `{` or `go to`; what stands instead is a mistake in the head. */
  protected wantConsequence(): void {
    const next = this.LA(1).tokenType
    if (!this.RECORDING_PHASE && next !== Open && next !== keyword.go) this.refuse([Open, keyword.go])
  }
}
