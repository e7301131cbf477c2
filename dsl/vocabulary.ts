/**
 * The one table of the language's words. The grammar takes its keywords from here; the JSON Schema, completion and the
 * reference come from the same table, so that no word is listed twice.
 */

import { weekdays } from '../engine/definition.ts'

/** What a property's value looks like, in either notation. */
export type Shape =
  | 'flag'
  | 'text'
  | 'string'
  | 'strings'
  | 'template'
  | 'number'
  | 'name'
  | 'names'
  | 'basis'
  | 'keep'
  | 'rights'
  | 'dates'
  | 'hours'
  | 'about'
  | 'moves'
  | 'access'
  | 'fields'
  | 'shown'
  | 'stages'
  | 'rules'
  | 'actions'
  | 'questions'
  | 'needs'
  | 'environment'

export interface PropertyWord {
  readonly shape: Shape
  readonly help: string
}

/** Declarations by their keyword: the key of YAML's top level, and the properties of the body. */
export const declarations = {
  company: {
    yaml: 'company',
    help: 'The controller: who answers for the data (GDPR Art. 13(1)(a)). One a workspace.',
    properties: {
      address: { shape: 'string', help: 'The postal address.' },
      email: { shape: 'string', help: 'Where people write about their data.' },
      phone: { shape: 'string', help: 'A telephone number.' },
      officer: { shape: 'string', help: 'The data protection officer and how to reach them (Art. 13(1)(b)).' },
    },
  },
  role: {
    yaml: 'roles',
    help: 'A role of staff and its rights on contact cards.',
    properties: { clients: { shape: 'rights', help: 'Rights on contact cards: see, edit, erase.' } },
  },
  purpose: {
    yaml: 'purposes',
    help: 'Why personal data are used (Art. 5(1)(b)).',
    properties: {
      basis: { shape: 'basis', help: 'The legal ground (Art. 6(1), 9(2)).' },
      necessary: { shape: 'flag', help: 'The main service can not be given without it.' },
      version: { shape: 'number', help: 'Raised when the text or the scope changes; 1 if left out.' },
      text: { shape: 'text', help: 'What the client reads.' },
      keep: { shape: 'keep', help: 'How long: until end, 90 days after end, 2 years after given (Art. 5(1)(e)).' },
      recipients: { shape: 'strings', help: 'Who else receives the data (Art. 13(1)(e)).' },
      about: { shape: 'about', help: 'Whose data: clients or employees.' },
    },
  },
  letter: {
    yaml: 'letters',
    help: 'An e-mail template; its title is the subject.',
    properties: {
      body: { shape: 'template', help: 'Markdown with Liquid.' },
      for: { shape: 'name', help: 'The purpose it is sent for.' },
    },
  },
  document: {
    yaml: 'documents',
    help: 'A PDF template.',
    properties: {
      body: { shape: 'template', help: 'Markdown with Liquid.' },
      for: { shape: 'name', help: 'The purpose it is written for.' },
    },
  },
  form: {
    yaml: 'forms',
    help: 'What a client fills in.',
    properties: {
      starts: { shape: 'name', help: 'The process that a sent form starts.' },
      fills: { shape: 'name', help: 'The process whose open case it fills.' },
      ask: { shape: 'questions', help: 'A question: a field, or `consent to PURPOSE`.' },
    },
  },
  process: {
    yaml: 'processes',
    help: 'Fields, stages and rules.',
    properties: {
      show: { shape: 'shown', help: '`show in portal`, or fields that every stage shows.' },
      edit: { shape: 'shown', help: 'Fields that every stage lets people edit.' },
      moves: { shape: 'moves', help: '`declared`: only by `move to`; `free`: to any stage that does not forbid it.' },
      access: { shape: 'access', help: 'Rights of a role: see, move, edit, erase.' },
      field: { shape: 'fields', help: 'A value that each case has.' },
      stage: { shape: 'stages', help: 'Where a case can be. A case starts in the first.' },
      final: { shape: 'stages', help: '`final stage` ends the case.' },
    },
  },
  webhook: {
    yaml: 'webhooks',
    help: 'An outside address that a process may call.',
    properties: {
      url: { shape: 'string', help: 'An https address.' },
      recipient: { shape: 'string', help: 'Who receives the data there (Art. 13(1)(e)).' },
      secret: { shape: 'environment', help: 'The environment variable that holds the secret which signs the call.' },
      for: { shape: 'name', help: 'The purpose the data leave for.' },
    },
  },
  table: { yaml: 'tables', help: 'A decision table: rows in order, the first match wins.', properties: {} },
  hours: {
    yaml: 'hours',
    help: 'Working hours and holidays.',
    properties: {
      timezone: { shape: 'string', help: 'An IANA name such as "Europe/Warsaw"; UTC if left out.' },
      holidays: { shape: 'dates', help: 'Days off.' },
    },
  },
} as const satisfies Record<string, { yaml: string; help: string; properties: Record<string, PropertyWord> }>

export type DeclarationKind = keyof typeof declarations

/** What a stage may say, beside its rules. */
export const stageWords = {
  show: { shape: 'shown', help: 'Fields that people see at this stage.' },
  edit: { shape: 'shown', help: 'Fields that people see and change at this stage.' },
  require: { shape: 'names', help: 'Fields that must be filled before a person may move the case on.' },
  forbid: { shape: 'flag', help: '`forbid manual entry`: only a rule brings a case here.' },
  needs: { shape: 'needs', help: '`needs consent to P, otherwise go to S`: no case is here without it.' },
} as const satisfies Record<string, PropertyWord>

/** How a rule begins: what has to happen. */
export const triggers = {
  on: 'something happens: enter, leave, reply, form, consent, signal, cases done',
  after: 'a time has passed since the case came here',
  at: 'a date or time is reached',
  when: 'a condition holds',
  move: 'a person presses a button',
} as const

/** What `on` may be followed by. */
export const happenings = {
  enter: 'the case comes in',
  leave: 'the case goes',
  reply: 'the client answers a letter',
  form: 'the client sends a form',
  consent: 'the client decides about a purpose',
  signal: 'an outside system calls',
  cases: 'all cases that this one started have ended',
} as const

export const actions = {
  send: '`send LETTER to client | assignee | ROLE | FIELD [attach DOCUMENT, …]`',
  notify: '`notify everyone | assignee | ROLE "text"`',
  set: '`set FIELD to EXPR`',
  erase: '`erase FIELD, … [after DURATION]` or `erase client`',
  record: '`record consent to P [refused]`',
  assign: '`assign to ROLE | EXPR`',
  start: '`start PROCESS [with FIELD = EXPR, …]`',
  write: '`write DOCUMENT`',
  call: '`call WEBHOOK [with FIELD, …]`',
  go: '`go to STAGE`',
} as const

/** What expressions say in words. */
export const expressionWords = {
  and: 'both hold',
  or: 'one of them holds, or both',
  not: 'what follows does not hold',
  is: '`X is filled`, `X is missing`, `consent to P is given`',
  filled: 'the field has a value',
  missing: 'the field has no value',
  in: 'the value is one of several: `country in (pl, de)`',
  contains: 'a text has a part, a list of choices an option',
  'consent to': 'the client’s consent is valid: `consent to P`; or ask for its state: `consent to P is refused`',
  'stage was': 'the case has been in a stage before',
  'days between': 'how many days lie between two dates: `days between(a, b)`',
  count: 'how many options of a list are chosen: `count(X)`',
  lower: 'a text in small letters: `lower(X)`',
  length: 'how many letters a text has: `length(X)`',
  today: 'the date',
  now: 'the date and time',
  yes: 'it is so',
  no: 'it is not so',
  client: '`client.name`, `client.email`, `client.phone`',
  case: '`case.number`, `case.created`, `case.stage`',
} as const

/** Field types that stand alone; `choice` and `many` take their options. */
export const plainTypes = [
  'text',
  'long text',
  'number',
  'money',
  'date',
  'date and time',
  'yes/no',
  'email',
  'phone',
  'client email',
  'client phone',
  'file',
  'link',
  'person',
] as const
export const optionTypes = ['choice', 'many'] as const

export const bases = [
  'consent',
  'explicit consent',
  'contract',
  'legal obligation',
  'vital interests',
  'public task',
  'legitimate interest',
] as const

export const cardRights = ['see', 'edit', 'erase'] as const
export const caseRights = ['see', 'move', 'edit', 'erase'] as const
export const consentStatuses = ['none', 'given', 'refused', 'withdrawn', 'expired'] as const
export const decisions = ['given', 'refused', 'withdrawn'] as const
export const subjects = ['clients', 'employees'] as const

/** Units of time by every spelling. */
export const units = {
  minutes: 'minute',
  hours: 'hour',
  days: 'day',
  weeks: 'week',
  months: 'month',
  years: 'year',
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year',
} as const

/** Words that join others, and those of expressions. */
const joining = [
  'in',
  'portal',
  'declared',
  'free',
  'personal',
  'special',
  'default',
  'success',
  'was',
  'to',
  'by',
  'as',
  'from',
  'client',
  'saying',
  'or',
  'and',
  'not',
  'is',
  'filled',
  'missing',
  'contains',
  'consent',
  'manual',
  'entry',
  'otherwise',
  'until',
  'end',
  'after',
  'given',
  'refused',
  'done',
  'attach',
  'with',
  'required',
  'working',
  'gives',
  'between',
  'stage',
  'days',
  'yes',
  'no',
  'today',
  'now',
  ...weekdays,
] as const

/** Properties that expressions and templates may take of the client and of the case. */
export const members = {
  client: ['name', 'email', 'phone'],
  case: ['number', 'created', 'stage'],
} as const

type PropertiesOf<D> = D extends { readonly properties: infer P } ? keyof P : never

export type Keyword =
  | DeclarationKind
  | PropertiesOf<(typeof declarations)[DeclarationKind]>
  | keyof typeof stageWords
  | keyof typeof triggers
  | keyof typeof happenings
  | keyof typeof actions
  | (typeof joining)[number]

/** Every keyword once. Each is contextual: a field may be called `stage` or `text`. */
export const keywords: readonly Keyword[] = [
  ...new Set<Keyword>([
    ...(Object.keys(declarations) as DeclarationKind[]),
    ...Object.values(declarations).flatMap((declaration) => Object.keys(declaration.properties) as Keyword[]),
    ...(Object.keys(stageWords) as Keyword[]),
    ...(Object.keys(triggers) as Keyword[]),
    ...(Object.keys(happenings) as Keyword[]),
    ...(Object.keys(actions) as Keyword[]),
    ...joining,
  ]),
]

/** Keywords that begin a statement inside a declaration. */
export const statementKeywords: readonly Keyword[] = [
  ...Object.values(declarations).flatMap((declaration) => Object.keys(declaration.properties) as Keyword[]),
  ...(Object.keys(stageWords) as Keyword[]),
  ...(Object.keys(triggers) as Keyword[]),
  ...(Object.keys(actions) as Keyword[]),
]
