import type { ActionBodyNode, ActionNode, Broken, DurationNode, ExpressionNode, Name } from '../tree.ts'
import { actionsBody } from './bodies.ts'
import { ExpressionGrammar } from './expression-grammar.ts'
import { Comma, Equal, keyword } from './tokens.ts'

const afterSend = [keyword.attach, keyword.when]
const afterErase = [keyword.after, keyword.when]
const afterRecord = [keyword.refused, keyword.when]
const afterStart = [keyword.with, keyword.when]
const maybeWhen = [keyword.when]

/** What a rule does: `{ actions }`. */
export class ActionGrammar extends ExpressionGrammar {
  /** `{ actions }` */
  protected readonly actions = this.rule('actions', (): readonly ActionNode[] => this.braces(this.actionList))

  protected readonly actionList = this.rule('actionList', (): ActionNode[] => this.statements(actionsBody, this.action))

  protected readonly action = this.rule('action', (): ActionNode => {
    const read = this.statement(actionsBody, (): ActionNode | Broken => {
      const start = this.LA(1)
      const body = this.SUBRULE(this.actionBody)
      if (body.kind === 'broken') return { kind: 'broken', span: this.from(start) }
      this.note(maybeWhen)
      const when = this.SUBRULE(this.condition)
      return { ...body, ...(when ? { when } : {}), span: this.from(start) }
    })
    return read.kind === 'broken' ? { kind: 'broken', span: read.span } : read
  })

  /** `when EXPR`, or nothing. */
  protected readonly condition = this.rule('condition', (): ExpressionNode | undefined =>
    this.OPTION(() => {
      this.CONSUME(keyword.when)
      return this.SUBRULE(this.expression)
    }),
  )

  protected readonly actionBody = this.rule(
    'actionBody',
    (): ActionBodyNode =>
      this.choose<ActionBodyNode>([
        { ALT: () => this.SUBRULE(this.send) },
        { ALT: () => this.SUBRULE(this.notify) },
        { ALT: () => this.SUBRULE(this.set) },
        { ALT: () => this.SUBRULE(this.erase) },
        { ALT: () => this.SUBRULE(this.record) },
        { ALT: () => this.SUBRULE(this.assign) },
        { ALT: () => this.SUBRULE(this.startProcess) },
        { ALT: () => this.SUBRULE(this.write) },
        { ALT: () => this.SUBRULE(this.callAction) },
        { ALT: () => this.SUBRULE(this.goTo) },
        {
          ALT: () => {
            this.SUBRULE(this.strayAction)
            return { kind: 'broken' }
          },
        },
      ]),
  )

  protected readonly strayAction = this.rule('strayAction', (): Broken => this.stray(actionsBody))

  protected readonly send = this.rule('send', (): ActionBodyNode => {
    this.CONSUME(keyword.send)
    const letter = this.SUBRULE(this.name)
    this.CONSUME(keyword.to)
    const to = this.SUBRULE2(this.name)
    const attach = this.OPTION(() => {
      this.CONSUME(keyword.attach)
      return this.SUBRULE(this.names)
    })
    if (!attach) this.note(afterSend)
    return { kind: 'send', letter, to, attach: attach ?? [] }
  })

  protected readonly notify = this.rule('notify', (): ActionBodyNode => {
    this.CONSUME(keyword.notify)
    const to = this.SUBRULE(this.name)
    const text = this.SUBRULE(this.text)
    return { kind: 'notify', to, text }
  })

  protected readonly set = this.rule('set', (): ActionBodyNode => {
    this.CONSUME(keyword.set)
    const field = this.SUBRULE(this.name)
    this.CONSUME(keyword.to)
    const value = this.SUBRULE(this.expression)
    return { kind: 'set', field, value }
  })

  protected readonly erase = this.rule('erase', (): ActionBodyNode => {
    this.CONSUME(keyword.erase)
    const fields = this.SUBRULE(this.names)
    const after = this.OPTION((): DurationNode => {
      this.CONSUME(keyword.after)
      return this.SUBRULE(this.duration)
    })
    if (!after) this.note(afterErase)
    return { kind: 'erase', fields, ...(after ? { after } : {}) }
  })

  protected readonly record = this.rule('record', (): ActionBodyNode => {
    this.CONSUME(keyword.record)
    this.CONSUME(keyword.consent)
    this.CONSUME(keyword.to)
    const purpose = this.SUBRULE(this.name)
    const refused = this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(keyword.refused) }, { ALT: () => this.CONSUME(keyword.given) }]),
    )
    if (!refused) this.note(afterRecord)
    return { kind: 'record', purpose, refused: refused?.image === 'refused' }
  })

  protected readonly assign = this.rule('assign', (): ActionBodyNode => {
    this.CONSUME(keyword.assign)
    this.CONSUME(keyword.to)
    return { kind: 'assign', to: this.SUBRULE(this.expression) }
  })

  protected readonly startProcess = this.rule('startProcess', (): ActionBodyNode => {
    this.CONSUME(keyword.start)
    const process = this.SUBRULE(this.name)
    const given = this.OPTION(() => {
      this.CONSUME(keyword.with)
      return this.SUBRULE(this.givenValues)
    })
    if (!given) this.note(afterStart)
    return { kind: 'start', process, with: given ?? [] }
  })

  protected readonly givenValues = this.rule('givenValues', (): { field: Name; value: ExpressionNode }[] => {
    const values: { field: Name; value: ExpressionNode }[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => {
        const field = this.SUBRULE(this.name)
        this.CONSUME(Equal)
        values.push({ field, value: this.SUBRULE(this.expression) })
      },
    })
    return values
  })

  protected readonly write = this.rule('write', (): ActionBodyNode => {
    this.CONSUME(keyword.write)
    return { kind: 'write', document: this.SUBRULE(this.name) }
  })

  protected readonly callAction = this.rule('callAction', (): ActionBodyNode => {
    this.CONSUME(keyword.call)
    const webhook = this.SUBRULE(this.name)
    const fields = this.OPTION(() => {
      this.CONSUME(keyword.with)
      return this.SUBRULE(this.names)
    })
    if (!fields) this.note(afterStart)
    return { kind: 'call', webhook, with: fields ?? [] }
  })

  protected readonly goTo = this.rule('goTo', (): Extract<ActionBodyNode, { kind: 'go' }> => {
    this.CONSUME(keyword.go)
    this.CONSUME(keyword.to)
    return { kind: 'go', stage: this.SUBRULE(this.name) }
  })
}
