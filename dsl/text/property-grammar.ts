import type { IToken } from 'chevrotain'
import type {
  Broken,
  CompanyNode,
  FormNode,
  KeepNode,
  LetterNode,
  PurposeItem,
  PurposeNode,
  QuestionNode,
  RoleNode,
  StringNode,
  WebhookNode,
} from '../tree.ts'
import { bases } from '../vocabulary.ts'
import { propertiesBody } from './bodies.ts'
import type { Body } from './body.ts'
import { ProcessGrammar } from './process-grammar.ts'
import { Colon, keyword, Text } from './tokens.ts'

const companyBody = propertiesBody('company')
const roleBody = propertiesBody('role')
const purposeBody = propertiesBody('purpose')
const letterBody = propertiesBody('letter')
const formBody = propertiesBody('form')
const webhookBody = propertiesBody('webhook')
const afterAsk = [keyword.required, keyword.when]

/** Declarations that are lists of properties. */
export class PropertyGrammar extends ProcessGrammar {
  protected readonly company = this.rule('company', (): CompanyNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.company)
    let title: StringNode | undefined
    this.head(() => {
      title = this.OPTION(() => this.SUBRULE(this.string))
      this.wantBodyOrEnd()
    })
    const span = this.from(start)
    const items = this.OPTION2(() => this.braces(this.companyItems)) ?? []
    return { kind: 'company', ...(title ? { title } : {}), items, span, extent: this.from(start) }
  })

  protected readonly companyItems = this.rule('companyItems', () => this.statements(companyBody, this.companyItem))

  protected readonly companyItem = this.rule('companyItem', (): CompanyNode['items'][number] =>
    this.statement(companyBody, () =>
      this.choose<CompanyNode['items'][number]>([
        { ALT: () => this.stringProperty('address', this.CONSUME(keyword.address), this.SUBRULE1(this.string)) },
        { ALT: () => this.stringProperty('email', this.CONSUME(keyword.email), this.SUBRULE2(this.string)) },
        { ALT: () => this.stringProperty('phone', this.CONSUME(keyword.phone), this.SUBRULE3(this.string)) },
        { ALT: () => this.stringProperty('officer', this.CONSUME(keyword.officer), this.SUBRULE4(this.string)) },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [companyBody] }) },
      ]),
    ),
  )

  protected readonly strayProperty = this.rule('strayProperty', (body: Body): Broken => this.stray(body))

  protected readonly role = this.rule('role', (): RoleNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.role)
    const heading = this.headed(() => this.wantBodyOrEnd())
    const span = this.from(start)
    const items = this.OPTION(() => this.braces(this.roleItems)) ?? []
    return { kind: 'role', ...heading, items, span, extent: this.from(start) }
  })

  protected readonly roleItems = this.rule('roleItems', () => this.statements(roleBody, this.roleItem))

  protected readonly roleItem = this.rule('roleItem', (): RoleNode['items'][number] =>
    this.statement(roleBody, () =>
      this.choose<RoleNode['items'][number]>([
        {
          ALT: () => {
            const start = this.CONSUME(keyword.clients)
            this.CONSUME(Colon)
            return { kind: 'clients', value: this.SUBRULE(this.names), span: this.from(start) }
          },
        },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [roleBody] }) },
      ]),
    ),
  )

  protected readonly purpose = this.rule('purpose', (): PurposeNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.purpose)
    const heading = this.headed(() => this.wantBody())
    const span = this.from(start)
    const items = this.braces(this.purposeItems)
    return { kind: 'purpose', ...heading, items, span, extent: this.from(start) }
  })

  protected readonly purposeItems = this.rule('purposeItems', (): PurposeItem[] =>
    this.statements(purposeBody, this.purposeItem),
  )

  protected readonly purposeItem = this.rule(
    'purposeItem',
    (): PurposeItem =>
      this.statement(purposeBody, () => {
        const start = this.LA(1)
        return this.choose<PurposeItem>([
          {
            ALT: () => {
              this.CONSUME(keyword.basis)
              return { kind: 'basis', value: this.SUBRULE(this.phrase, { ARGS: [bases] }), span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.necessary)
              return { kind: 'necessary', value: true, span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.version)
              return { kind: 'version', value: this.SUBRULE(this.number), span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.text)
              return { kind: 'text', value: this.SUBRULE(this.text), span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.keep)
              return { kind: 'keep', value: this.SUBRULE(this.keep), span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.recipients)
              return { kind: 'recipients', value: this.SUBRULE(this.strings), span: this.from(start) }
            },
          },
          {
            ALT: () => {
              this.CONSUME(keyword.about)
              return { kind: 'about', value: this.SUBRULE(this.name), span: this.from(start) }
            },
          },
          { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [purposeBody] }) },
        ])
      }),
  )

  /** `until end`, `90 days after end`, `2 years after given`. */
  protected readonly keep = this.rule(
    'keep',
    (): KeepNode =>
      this.choose<KeepNode>([
        {
          ALT: () => {
            this.CONSUME(keyword.until)
            return { event: this.nameOf(this.CONSUME(keyword.end)) }
          },
        },
        {
          ALT: () => {
            const duration = this.SUBRULE(this.duration)
            this.CONSUME(keyword.after)
            const event = this.OR2([
              { ALT: () => this.CONSUME2(keyword.end) },
              { ALT: () => this.CONSUME(keyword.given) },
            ])
            return { for: duration, event: this.nameOf(event) }
          },
        },
      ]),
  )

  protected readonly letter = this.rule('letter', (): LetterNode => {
    const start = this.LA(1)
    const word = this.OR([{ ALT: () => this.CONSUME(keyword.letter) }, { ALT: () => this.CONSUME(keyword.document) }])
    const heading = this.headed(() => this.wantBody())
    const span = this.from(start)
    const items = this.braces(this.letterItems)
    return { kind: word.image as LetterNode['kind'], ...heading, items, span, extent: this.from(start) }
  })

  protected readonly letterItems = this.rule('letterItems', (): LetterNode['items'] =>
    this.statements(letterBody, this.letterItem),
  )

  protected readonly letterItem = this.rule('letterItem', (): LetterNode['items'][number] =>
    this.statement(letterBody, () => {
      const start = this.LA(1)
      return this.choose<LetterNode['items'][number]>([
        {
          ALT: () => {
            this.CONSUME(keyword.body)
            return { kind: 'body', value: this.SUBRULE(this.text), span: this.from(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.for)
            return { kind: 'for', value: this.SUBRULE(this.name), span: this.from(start) }
          },
        },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [letterBody] }) },
      ])
    }),
  )

  protected readonly form = this.rule('form', (): FormNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.form)
    const heading = this.headed(() => this.wantBody())
    const span = this.from(start)
    const items = this.braces(this.formItems)
    return { kind: 'form', ...heading, items, span, extent: this.from(start) }
  })

  protected readonly formItems = this.rule('formItems', (): FormNode['items'] =>
    this.statements(formBody, this.formItem),
  )

  protected readonly formItem = this.rule('formItem', (): FormNode['items'][number] =>
    this.statement(formBody, () => {
      const start = this.LA(1)
      return this.choose<FormNode['items'][number]>([
        {
          ALT: () => {
            this.CONSUME(keyword.starts)
            return { kind: 'starts', value: this.SUBRULE(this.name), span: this.from(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.fills)
            return { kind: 'fills', value: this.SUBRULE2(this.name), span: this.from(start) }
          },
        },
        { ALT: () => this.SUBRULE(this.question) },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [formBody] }) },
      ])
    }),
  )

  /** `ask FIELD [required] [when EXPR]` or `ask consent to P [required] [when EXPR]`. */
  protected readonly question = this.rule('question', (): QuestionNode => {
    const start = this.LA(1)
    let required = false
    this.CONSUME(keyword.ask)
    const asked = this.choose<Pick<QuestionNode, 'field' | 'consent'>>([
      {
        GATE: () => this.LA(2).tokenType === keyword.to,
        ALT: () => {
          this.CONSUME(keyword.consent)
          this.CONSUME(keyword.to)
          return { consent: this.SUBRULE(this.name) }
        },
      },
      { ALT: () => ({ field: this.SUBRULE2(this.name) }) },
    ])
    this.note(afterAsk)
    this.OPTION(() => {
      this.CONSUME(keyword.required)
      required = true
    })
    const when = this.SUBRULE(this.condition)
    this.OPTION2({
      GATE: () => this.sameLine,
      DEF: () => {
        this.CONSUME2(keyword.required)
        required = true
      },
    })
    return { kind: 'ask', ...asked, required, ...(when ? { when } : {}), span: this.from(start) }
  })

  protected readonly webhook = this.rule('webhook', (): WebhookNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.webhook)
    const heading = this.headed(() => this.wantBody())
    const span = this.from(start)
    const items = this.braces(this.webhookItems)
    return { kind: 'webhook', ...heading, items, span, extent: this.from(start) }
  })

  protected readonly webhookItems = this.rule('webhookItems', (): WebhookNode['items'] =>
    this.statements(webhookBody, this.webhookItem),
  )

  protected readonly webhookItem = this.rule('webhookItem', (): WebhookNode['items'][number] =>
    this.statement(webhookBody, () => {
      const start = this.LA(1)
      return this.choose<WebhookNode['items'][number]>([
        { ALT: () => this.stringProperty('url', this.CONSUME(keyword.url), this.SUBRULE(this.string)) },
        { ALT: () => this.stringProperty('recipient', this.CONSUME(keyword.recipient), this.SUBRULE2(this.string)) },
        {
          ALT: () => {
            this.CONSUME(keyword.secret)
            const value = this.OR2([
              { ALT: () => this.SUBRULE(this.name) },
              { ALT: () => this.textAsName(this.CONSUME(Text)) },
            ])
            return { kind: 'secret', value, span: this.from(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.for)
            return { kind: 'for', value: this.SUBRULE2(this.name), span: this.from(start) }
          },
        },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [webhookBody] }) },
      ])
    }),
  )

  protected textAsName(token: IToken) {
    const string = this.stringOf(token)
    return { text: string.value, span: string.span }
  }

  protected stringProperty<K extends string>(kind: K, word: IToken, value: StringNode) {
    return { kind, value, span: this.from(word) }
  }
}
