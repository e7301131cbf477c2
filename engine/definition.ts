/**
 * The model of a workspace: plain readonly data that both notations become and that everything else works on.
 * It survives `JSON.stringify`, so that a server can keep the version each case runs on.
 */

/** Where a declaration stands. `file` is relative to the workspace, with `/`; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Words for people, by language. A string without a language is English (`en`). */
export type Text = Readonly<Record<string, string>>

/** Declarations by name, in the order of writing. */
export type Named<T> = Readonly<Record<string, T>>

export interface Definition {
  readonly company?: Company
  readonly hours?: Hours
  readonly roles: Named<Role>
  readonly purposes: Named<Purpose>
  readonly letters: Named<Letter>
  readonly documents: Named<Document>
  readonly forms: Named<Form>
  readonly processes: Named<Process>
  readonly tables: Named<Table>
  readonly webhooks: Named<Webhook>
}

/** The controller (GDPR Art. 4(7), 13(1)(a)). */
export interface Company {
  readonly name: string
  readonly address?: string
  readonly email?: string
  readonly phone?: string
  readonly officer?: string
  readonly at: Place
}

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

/** Working hours. `from` and `to` are minutes after midnight in `timezone` (an IANA name; UTC where none is given). */
export interface Hours {
  readonly timezone?: string
  readonly week: readonly { readonly days: readonly Weekday[]; readonly from: number; readonly to: number }[]
  /** ISO dates. */
  readonly holidays: readonly string[]
  readonly at: Place
}

export type CardRight = 'see' | 'edit' | 'erase'
export type CaseRight = 'see' | 'move' | 'edit' | 'erase'

export interface Role {
  readonly name: string
  readonly title: Text
  /** Rights on clients' cards. */
  readonly clients: readonly CardRight[]
  readonly at: Place
}

export type Basis =
  | 'consent'
  | 'explicit consent'
  | 'contract'
  | 'legal obligation'
  | 'vital interests'
  | 'public task'
  | 'legitimate interest'

/** How long data are kept: until the case ends, or a time after it ended or after the consent was given. */
export type Keep = { readonly until: 'end' } | { readonly after: 'end' | 'given'; readonly for: Duration }

export interface Purpose {
  readonly name: string
  readonly title: Text
  readonly basis: Basis
  /** The main service can't be given without it. */
  readonly necessary: boolean
  readonly version: number
  readonly text?: Text
  readonly keep?: Keep
  readonly recipients: readonly string[]
  /** Whose data: clients', or employees'. */
  readonly about: 'clients' | 'employees'
  readonly at: Place
}

export interface Letter {
  readonly name: string
  /** The title, a Liquid template. */
  readonly subject: Text
  /** Markdown with Liquid. */
  readonly body: Text
  /** The purpose it is sent for; it goes only where that purpose has a valid basis. */
  readonly purpose?: string
  /** What subject and body fill in. */
  readonly uses: readonly TemplateUse[]
  readonly at: Place
}

export interface Document {
  readonly name: string
  readonly title: Text
  /** Markdown with Liquid. */
  readonly body: Text
  readonly purpose?: string
  /** What title and body fill in. */
  readonly uses: readonly TemplateUse[]
  readonly at: Place
}

/** What a template names, once each: a field, or something else by its path, such as `client.name`. */
export interface TemplateUse {
  readonly name: string
  /** Where it names it first. */
  readonly at: Place
}

export interface Form {
  readonly name: string
  readonly title: Text
  readonly starts?: string
  readonly fills?: string
  readonly questions: readonly Question[]
  readonly at: Place
}

/** One question; `when` hides it until it holds. A question for a consent has neither answer preset. */
export interface Question {
  readonly ask: { readonly field: string } | { readonly consent: string }
  readonly required: boolean
  readonly when?: Expression
  readonly at: Place
}

export interface Process {
  readonly name: string
  readonly title: Text
  readonly portal: boolean
  readonly moves: 'declared' | 'free'
  readonly access: Named<readonly CaseRight[]>
  readonly fields: Named<Field>
  readonly show: readonly Shown[]
  readonly edit: readonly Shown[]
  /** In the order of writing; a case starts in the first. */
  readonly stages: Named<Stage>
  /** Rules that stand at every stage that is not final, after the stage's own. */
  readonly rules: readonly Rule[]
  readonly at: Place
}

/** A field that a stage names, to all with the right or to some roles only; `client` stands for the portal. */
export interface Shown {
  readonly field: string
  readonly to?: readonly string[]
  readonly at: Place
}

export type FieldType =
  | {
      readonly kind:
        | 'text'
        | 'long text'
        | 'number'
        | 'money'
        | 'date'
        | 'date and time'
        | 'yes/no'
        | 'email'
        | 'phone'
        | 'client email'
        | 'client phone'
        | 'file'
        | 'link'
        | 'person'
    }
  | { readonly kind: 'choice' | 'many'; readonly options: readonly string[] }

export interface Field {
  readonly name: string
  readonly title: Text
  readonly type: FieldType
  /** The purposes its values are held for; empty: not personal. */
  readonly personal: readonly string[]
  /** A special category of data (GDPR Art. 9). */
  readonly special: boolean
  readonly default?: Expression
  readonly at: Place
}

export interface Stage {
  readonly name: string
  readonly title: Text
  readonly final: boolean
  /** An end that counts as the service rendered. Where a process marks none, each of its ends has it. */
  readonly success: boolean
  readonly manualEntry: 'allowed' | 'forbidden'
  readonly needs: readonly { readonly purpose: string; readonly otherwise: string; readonly at: Place }[]
  readonly show: readonly Shown[]
  readonly edit: readonly Shown[]
  readonly require: readonly { readonly field: string; readonly at: Place }[]
  readonly enter: readonly Action[]
  readonly leave: readonly Action[]
  /** In the order of writing: the first that matches wins. */
  readonly rules: readonly Rule[]
  readonly was?: string
  readonly at: Place
}

/** A rule of a stage. `id` is unique in its process and stays while the text of the stage does: `waiting.reply.2`. */
export interface Rule {
  readonly id: string
  readonly trigger: Trigger
  readonly when?: Expression
  /** At most one `go to`, which is last. A `move` rule goes to its trigger's stage after its actions. */
  readonly actions: readonly Action[]
  readonly at: Place
}

export type Decided = 'given' | 'refused' | 'withdrawn'

export type Trigger =
  | { readonly kind: 'reply'; readonly letter?: string; readonly saying: readonly string[] }
  | { readonly kind: 'form'; readonly form: string }
  | { readonly kind: 'consent'; readonly purpose: string; readonly decision: Decided }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'after'; readonly delay: Duration }
  | { readonly kind: 'at'; readonly time: Expression }
  | { readonly kind: 'when' }
  | { readonly kind: 'move'; readonly to: string; readonly by?: readonly string[]; readonly as?: Text }
  | { readonly kind: 'cases done' }

export type Action = ActionBody & { readonly when?: Expression; readonly at: Place }

export type ActionBody =
  | { readonly kind: 'send'; readonly letter: string; readonly to: Recipient; readonly attach: readonly string[] }
  | { readonly kind: 'notify'; readonly to: Audience; readonly text: Text }
  | { readonly kind: 'set'; readonly field: string; readonly value: Expression }
  | { readonly kind: 'erase'; readonly fields: readonly string[]; readonly after?: Duration }
  | { readonly kind: 'erase client' }
  | { readonly kind: 'record consent'; readonly purpose: string; readonly decision: 'given' | 'refused' }
  | { readonly kind: 'assign'; readonly to: { readonly role: string } | { readonly person: Expression } }
  | { readonly kind: 'start'; readonly process: string; readonly with: Named<Expression> }
  | { readonly kind: 'write'; readonly document: string }
  | { readonly kind: 'call'; readonly webhook: string; readonly with: readonly string[] }
  | { readonly kind: 'go to'; readonly stage: string }

export type Recipient =
  | { readonly kind: 'client' }
  | { readonly kind: 'assignee' }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'field'; readonly field: string }

export type Audience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'assignee' }
  | { readonly kind: 'role'; readonly role: string }

export interface Webhook {
  readonly name: string
  readonly url: string
  readonly recipient?: string
  readonly secret?: string
  readonly purpose?: string
  readonly at: Place
}

export interface Table {
  readonly name: string
  readonly title: Text
  readonly inputs: readonly { readonly name: string; readonly type: FieldType }[]
  readonly gives: FieldType
  /** The last row may be `otherwise`, which has no condition. Conditions name inputs as fields. */
  readonly rows: readonly { readonly when?: Expression; readonly value: Expression; readonly at: Place }[]
  readonly at: Place
}

/** A length of time. Months and years follow the calendar; `working` counts the workspace's working days or hours. */
export interface Duration {
  readonly amount: number
  readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
  readonly working: boolean
}

/** How a consent stands: `none` where it was never asked or answered. */
export type ConsentStatus = 'none' | 'given' | 'refused' | 'withdrawn' | 'expired'

/** What an expression may yield. Money counts as a number; `many` is a list of choices. */
export type ValueType =
  | 'text'
  | 'number'
  | 'money'
  | 'date'
  | 'date and time'
  | 'yes/no'
  | 'choice'
  | 'many'
  | 'duration'
  | 'person'
  | 'file'

/** An expression, names resolved and types checked: an evaluator needs no other knowledge of the workspace. */
export type Expression =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'yes/no'; readonly value: boolean }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'duration'; readonly value: Duration }
  | { readonly kind: 'option'; readonly value: string }
  | { readonly kind: 'field'; readonly field: string; readonly type: ValueType }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'negate'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'compare'
      readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>='
      readonly left: Expression
      readonly right: Expression
      /** The type both sides are compared as. */
      readonly as: ValueType
    }
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: Expression
      readonly right: Expression
      readonly type: ValueType
    }
  | { readonly kind: 'filled' | 'missing'; readonly field: string }
  | { readonly kind: 'in'; readonly of: Expression; readonly options: readonly Expression[] }
  | { readonly kind: 'contains'; readonly of: Expression; readonly part: Expression }
  /** `consent to P` (valid: given) and `consent to P is …` or `in (…)`. */
  | { readonly kind: 'consent'; readonly purpose: string; readonly statuses: readonly ConsentStatus[] }
  | { readonly kind: 'stage was'; readonly stage: string }
  | { readonly kind: 'today' | 'now' }
  | { readonly kind: 'client'; readonly property: 'name' | 'email' | 'phone' }
  | { readonly kind: 'case'; readonly property: 'number' | 'created' | 'stage' }
  | { readonly kind: 'count' | 'lower' | 'length'; readonly of: Expression }
  | { readonly kind: 'days between'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'table'; readonly table: string; readonly inputs: readonly Expression[]; readonly type: ValueType }
