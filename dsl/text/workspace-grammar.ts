import { weekdays } from '../../engine/definition.ts'
import type {
  ClockTime,
  Declaration,
  FileNode,
  HoursNode,
  Name,
  RowNode,
  StringNode,
  TableNode,
  TypeNode,
  WorkingDays,
} from '../tree.ts'
import { propertiesBody, tableBody, workspaceBody } from './bodies.ts'
import type { Heading } from './process-grammar.ts'
import { PropertyGrammar } from './property-grammar.ts'
import { Close, Colon, Comma, DateLiteral, keyword, Numeral, ParenClose, ParenOpen } from './tokens.ts'

const hoursBody = propertiesBody('hours', weekdays)
type TableInput = TableNode['inputs'][number]

/** A whole file: every declaration of the language. */
export class WorkspaceGrammar extends PropertyGrammar {
  constructor() {
    super()
    this.performSelfAnalysis()
  }

  protected readonly file = this.rule('file', (): FileNode => {
    const declarations: Declaration[] = []
    this.MANY({
      GATE: () => this.goesOn(workspaceBody),
      DEF: () =>
        this.OR([
          { ALT: () => declarations.push(this.SUBRULE(this.declaration)) },
          { ALT: () => this.reportOutside(this.CONSUME(Close)) },
        ]),
    })
    return { declarations }
  })

  protected readonly declaration = this.rule(
    'declaration',
    (): Declaration =>
      this.statement(workspaceBody, () =>
        this.choose<Declaration>([
          { ALT: () => this.SUBRULE(this.company) },
          { ALT: () => this.SUBRULE(this.role) },
          { ALT: () => this.SUBRULE(this.purpose) },
          { ALT: () => this.SUBRULE(this.letter) },
          { ALT: () => this.SUBRULE(this.form) },
          { ALT: () => this.SUBRULE(this.process) },
          { ALT: () => this.SUBRULE(this.webhook) },
          { ALT: () => this.SUBRULE(this.table) },
          { ALT: () => this.SUBRULE(this.hours) },
          { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [workspaceBody] }) },
        ]),
      ),
  )

  /** `table NAME ["Title"] (INPUT TYPE, …) gives TYPE { rows }` */
  protected readonly table = this.rule('table', (): TableNode => {
    const start = this.LA(1)
    const heading: Heading = { name: undefined }
    let inputs: TableInput[] = []
    let gives: TypeNode | undefined
    this.CONSUME(keyword.table)
    this.head(() => {
      this.SUBRULE(this.heading, { ARGS: [heading] })
      this.CONSUME(ParenOpen)
      inputs = this.SUBRULE(this.tableInputs)
      this.CONSUME(ParenClose)
      this.CONSUME(keyword.gives)
      gives = this.SUBRULE(this.type)
      this.wantBody()
    })
    const span = this.from(start)
    const rows = this.braces(this.rows)
    return { kind: 'table', ...heading, inputs, ...(gives ? { gives } : {}), rows, span, extent: this.from(start) }
  })

  protected readonly tableInputs = this.rule('tableInputs', (): TableInput[] => {
    const inputs: TableInput[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => inputs.push({ name: this.SUBRULE(this.name), type: this.SUBRULE(this.type) }),
    })
    return inputs
  })

  protected readonly rows = this.rule('rows', (): TableNode['rows'] => this.statements(tableBody, this.row))

  protected readonly row = this.rule('row', (): TableNode['rows'][number] =>
    this.statement(tableBody, (): RowNode => {
      const start = this.LA(1)
      const when = this.OR([
        {
          GATE: () => this.LA(2).tokenType === Colon,
          ALT: () => {
            this.CONSUME(keyword.otherwise)
            return undefined
          },
        },
        { ALT: () => this.SUBRULE(this.expression) },
      ])
      this.CONSUME(Colon)
      const value = this.SUBRULE(this.lineExpression)
      return { kind: 'row', ...(when ? { when } : {}), value, span: this.from(start) }
    }),
  )

  protected readonly hours = this.rule('hours', (): HoursNode => {
    const start = this.LA(1)
    this.CONSUME(keyword.hours)
    const span = this.from(start)
    const items = this.braces(this.hoursItems)
    return { kind: 'hours', items, span, extent: this.from(start) }
  })

  protected readonly hoursItems = this.rule('hoursItems', (): HoursNode['items'] =>
    this.statements(hoursBody, this.hoursItem),
  )

  protected readonly hoursItem = this.rule('hoursItem', (): HoursNode['items'][number] =>
    this.statement(hoursBody, () => {
      const start = this.LA(1)
      return this.choose<HoursNode['items'][number]>([
        {
          ALT: () => {
            this.CONSUME(keyword.holidays)
            return { kind: 'holidays', value: this.SUBRULE(this.dates), span: this.from(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.timezone)
            const value: StringNode = this.SUBRULE(this.string)
            return { kind: 'timezone', value, span: this.from(start) }
          },
        },
        {
          GATE: () => (weekdays as readonly string[]).includes(this.LA(1).image),
          ALT: () => this.SUBRULE(this.week),
        },
        { ALT: () => this.SUBRULE(this.strayProperty, { ARGS: [hoursBody] }) },
      ])
    }),
  )

  protected readonly dates = this.rule('dates', (): Name[] => {
    const dates: Name[] = []
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => dates.push(this.nameOf(this.CONSUME(DateLiteral))) })
    this.note([Comma])
    return dates
  })

  /** `monday to friday 8:00 to 16:00`, `monday, thursday 9:00 to 12:00` */
  protected readonly week = this.rule('week', (): WorkingDays => {
    const start = this.LA(1)
    const days = this.SUBRULE(this.dayRanges)
    const from = this.SUBRULE(this.clock)
    this.CONSUME(keyword.to)
    const to = this.SUBRULE2(this.clock)
    return { kind: 'week', days, from, to, span: this.from(start) }
  })

  protected readonly dayRanges = this.rule('dayRanges', (): WorkingDays['days'] => {
    const days: { from: Name; to?: Name }[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => {
        const from = this.SUBRULE(this.name)
        const to = this.OPTION(() => {
          this.CONSUME(keyword.to)
          return this.SUBRULE2(this.name)
        })
        days.push({ from, ...(to ? { to } : {}) })
      },
    })
    return days
  })

  protected readonly clock = this.rule('clock', (): ClockTime => {
    const hour = this.numberOf(this.CONSUME(Numeral))
    this.CONSUME(Colon)
    const minute = this.numberOf(this.CONSUME2(Numeral))
    return { hour, minute }
  })
}
