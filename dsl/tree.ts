/**
 * The syntax tree of a workspace file: what was written and where, with nothing looked up yet. Both notations become
 * this tree, so that one resolver and one set of checks serve both. It is tolerant: what could not be read is absent,
 * or `broken` where its name is known, so that its mentions elsewhere raise no second problem.
 */
import type { Span } from './source.ts'
import type { Keyword } from './vocabulary.ts'

/** A name, keyword or phrase as written. */
export interface Name {
  readonly text: string
  readonly span: Span
}

export interface StringNode {
  readonly value: string
  readonly span: Span
  /** Where stretches of the value stand in the file, in order, where they are not simply after the opening quote. */
  readonly pieces?: readonly Piece[]
}

/** From `value` on, the value's characters stand at `source` on. */
export interface Piece {
  readonly value: number
  readonly source: number
}

export interface TextNode {
  readonly parts: readonly { readonly language?: Name; readonly words: StringNode }[]
  readonly span: Span
}

export interface NumberNode {
  readonly value: number
  /** The digits as they stand in the file, where they say more than the value: `12.50`. */
  readonly written?: string
  readonly span: Span
}

export interface DurationNode {
  readonly amount: NumberNode
  readonly unit: Name
  readonly working: boolean
  readonly span: Span
}

export interface FileNode {
  readonly declarations: readonly Declaration[]
}

export type Declaration =
  | CompanyNode
  | RoleNode
  | PurposeNode
  | LetterNode
  | FormNode
  | ProcessNode
  | WebhookNode
  | TableNode
  | HoursNode
  | Broken

/** A statement that could not be read, of which only the kind and the name are known. */
export interface Broken {
  readonly kind: 'broken'
  readonly of?: Keyword
  readonly name?: Name
  readonly span: Span
}

/** What has a body: between braces in Zgoda text, under its key in YAML. */
interface Bodied {
  /** From its first character to its last, body included; the span where absent. */
  readonly extent?: Span
}

interface Declared extends Bodied {
  /** Absent where it could not be read; the problem is reported then. */
  readonly name: Name | undefined
  readonly title?: TextNode
  /** From the keyword to the end of the head. */
  readonly span: Span
}

/** A property written as a word and one value; of several kinds, one each. */
export type Property<K extends string, V> = K extends string
  ? { readonly kind: K; readonly value: V; readonly span: Span }
  : never

export interface CompanyNode extends Bodied {
  readonly kind: 'company'
  readonly title?: StringNode
  readonly items: readonly (Property<'address' | 'email' | 'phone' | 'officer', StringNode> | Broken)[]
  readonly span: Span
}

export interface RoleNode extends Declared {
  readonly kind: 'role'
  readonly items: readonly (Property<'clients', readonly Name[]> | Broken)[]
}

export interface KeepNode {
  /** `until end`, or a duration after the end or the consent. */
  readonly for?: DurationNode
  readonly event: Name
}

export type PurposeItem =
  | Property<'basis', Name>
  | Property<'necessary', true>
  | Property<'version', NumberNode>
  | Property<'text', TextNode>
  | Property<'keep', KeepNode>
  | Property<'recipients', readonly StringNode[]>
  | Property<'about', Name>
  | Broken

export interface PurposeNode extends Declared {
  readonly kind: 'purpose'
  readonly items: readonly PurposeItem[]
}

export interface LetterNode extends Declared {
  readonly kind: 'letter' | 'document'
  readonly items: readonly (Property<'body', TextNode> | Property<'for', Name> | Broken)[]
}

export interface QuestionNode {
  readonly kind: 'ask'
  readonly field?: Name
  readonly consent?: Name
  readonly required: boolean
  readonly when?: ExpressionNode
  readonly span: Span
}

export interface FormNode extends Declared {
  readonly kind: 'form'
  readonly items: readonly (Property<'starts' | 'fills', Name> | QuestionNode | Broken)[]
}

export interface WebhookNode extends Declared {
  readonly kind: 'webhook'
  readonly items: readonly (Property<'url' | 'recipient', StringNode> | Property<'secret' | 'for', Name> | Broken)[]
}

export interface ClockTime {
  readonly hour: NumberNode
  readonly minute: NumberNode
}

export interface WorkingDays {
  readonly kind: 'week'
  /** Single days, or from the first to the second. */
  readonly days: readonly { readonly from: Name; readonly to?: Name }[]
  readonly from: ClockTime
  readonly to: ClockTime
  readonly span: Span
}

export interface HoursNode extends Bodied {
  readonly kind: 'hours'
  readonly items: readonly (
    | WorkingDays
    | Property<'holidays', readonly Name[]>
    | Property<'timezone', StringNode>
    | Broken
  )[]
  readonly span: Span
}

export interface TypeNode {
  readonly name: Name
  readonly options?: readonly OptionNode[]
  readonly span: Span
}

/** A choice's option: a bare word, or a text where it has a space. */
export interface OptionNode {
  readonly value: string
  readonly span: Span
}

export interface TableNode extends Declared {
  readonly kind: 'table'
  readonly inputs: readonly { readonly name: Name; readonly type: TypeNode }[]
  readonly gives?: TypeNode
  readonly rows: readonly (RowNode | Broken)[]
}

export interface RowNode {
  readonly kind: 'row'
  /** Absent for `otherwise`. */
  readonly when?: ExpressionNode
  readonly value: ExpressionNode
  readonly span: Span
}

export interface ProcessNode extends Declared {
  readonly kind: 'process'
  readonly items: readonly ProcessItem[]
}

export type ProcessItem =
  | Property<'portal', true>
  | Property<'moves', Name>
  | AccessNode
  | FieldNode
  | ShownNode
  | StageNode
  | PassageNode
  | RuleNode
  | Broken

/** `on enter` and `on leave`: not rules, for they always happen. */
export type PassageNode = Property<'enter' | 'leave', readonly ActionNode[]> & Bodied

export interface AccessNode {
  readonly kind: 'access'
  readonly role: Name
  readonly rights: readonly Name[]
  readonly span: Span
}

export interface FieldNode extends Declared {
  readonly kind: 'field'
  readonly type?: TypeNode
  readonly personal: readonly Name[]
  readonly special: boolean
  readonly default?: ExpressionNode
}

export interface ShownNode {
  readonly kind: 'show' | 'edit'
  readonly fields: readonly Name[]
  readonly to?: readonly Name[]
  readonly span: Span
}

export interface StageNode extends Declared {
  readonly kind: 'stage'
  readonly final: boolean
  readonly success: boolean
  readonly was?: Name
  readonly items: readonly StageItem[]
}

export type StageItem =
  | ShownNode
  | Property<'require', readonly Name[]>
  | Property<'forbid', true>
  | NeedsNode
  | PassageNode
  | RuleNode
  | Broken

export interface NeedsNode {
  readonly kind: 'needs'
  readonly purpose: Name
  readonly otherwise?: Name
  readonly span: Span
}

export interface RuleNode extends Bodied {
  readonly kind: 'rule'
  readonly trigger: TriggerNode
  readonly when?: ExpressionNode
  readonly actions: readonly ActionNode[]
  readonly span: Span
}

export type TriggerNode =
  | { readonly kind: 'reply'; readonly letter?: Name; readonly saying: readonly StringNode[] }
  | { readonly kind: 'form'; readonly form: Name }
  | { readonly kind: 'consent'; readonly purpose: Name; readonly decision: Name }
  | { readonly kind: 'signal'; readonly signal: Name }
  | { readonly kind: 'after'; readonly delay: DurationNode }
  | { readonly kind: 'at'; readonly time: ExpressionNode }
  | { readonly kind: 'when' }
  | { readonly kind: 'move'; readonly to: Name; readonly by?: readonly Name[]; readonly as?: TextNode }
  | { readonly kind: 'cases done' }

export type ActionNode = ActionBodyNode & { readonly when?: ExpressionNode; readonly span: Span }

export type ActionBodyNode =
  | { readonly kind: 'send'; readonly letter: Name; readonly to: Name; readonly attach: readonly Name[] }
  | { readonly kind: 'notify'; readonly to: Name; readonly text: TextNode }
  | { readonly kind: 'set'; readonly field: Name; readonly value: ExpressionNode }
  | { readonly kind: 'erase'; readonly fields: readonly Name[]; readonly after?: DurationNode }
  | { readonly kind: 'record'; readonly purpose: Name; readonly refused: boolean }
  | { readonly kind: 'assign'; readonly to: ExpressionNode }
  | { readonly kind: 'start'; readonly process: Name; readonly with: readonly { field: Name; value: ExpressionNode }[] }
  | { readonly kind: 'write'; readonly document: Name }
  | { readonly kind: 'call'; readonly webhook: Name; readonly with: readonly Name[] }
  | { readonly kind: 'go'; readonly stage: Name }
  | { readonly kind: 'broken' }

export type ExpressionNode =
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | ({ readonly kind: 'number' } & NumberNode)
  | { readonly kind: 'date'; readonly value: string; readonly span: Span }
  | { readonly kind: 'duration'; readonly duration: DurationNode; readonly span: Span }
  /** A bare word: a field, an option, `yes`, `today` …; which one is the resolver's to say. */
  | { readonly kind: 'word'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'member'; readonly of: Name; readonly property: Name; readonly span: Span }
  | {
      readonly kind: 'call'
      readonly name: Name
      readonly inputs: readonly ExpressionNode[]
      readonly span: Span
    }
  | { readonly kind: 'not'; readonly of: ExpressionNode; readonly span: Span }
  | { readonly kind: 'negate'; readonly of: ExpressionNode; readonly span: Span }
  | {
      readonly kind: 'binary'
      readonly operator: 'and' | 'or' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/'
      readonly left: ExpressionNode
      readonly right: ExpressionNode
      readonly span: Span
    }
  | { readonly kind: 'is'; readonly of: ExpressionNode; readonly state: Name; readonly span: Span }
  | {
      readonly kind: 'in'
      readonly of: ExpressionNode
      readonly options: readonly ExpressionNode[]
      readonly span: Span
    }
  | { readonly kind: 'contains'; readonly of: ExpressionNode; readonly part: ExpressionNode; readonly span: Span }
  /** `statuses` absent: the consent is valid. */
  | { readonly kind: 'consent'; readonly purpose: Name; readonly statuses?: readonly Name[]; readonly span: Span }
  | { readonly kind: 'stage was'; readonly stage: Name; readonly span: Span }
  /** Could not be read; fits everywhere. */
  | { readonly kind: 'broken'; readonly span: Span }
