import { weekdays } from '../engine/definition.ts'
import {
  declared,
  either,
  type Key,
  key,
  list,
  mapped,
  mention,
  must,
  type RecordShape,
  record,
  type Shape,
  scalar,
  some,
  word,
} from './shape.ts'
import {
  actions,
  bases,
  cardRights,
  caseRights,
  type DeclarationKind,
  decisions,
  declarations,
  happenings,
  stageWords,
  subjects,
  triggers,
} from './vocabulary.ts'

/**
 * A workspace in YAML. Keys that say the same as a word of Zgoda text take its help from the vocabulary; so does a key's
 * name, where it is the same word.
 */

const title = key(scalar('text'), 'Words for people: a text, or one a language (`{ en: …, pl: … }`).')
const when = key(scalar('expression'), 'Only while this holds.')
const text = scalar('text')
const names = (of: Parameters<typeof mention>[0], words?: readonly string[]) => some(mention(of, words))

/** The properties of a declaration, by the vocabulary. */
function properties(kind: DeclarationKind, shapes: Readonly<Record<string, Shape>>, musts: readonly string[] = []) {
  const words: Readonly<Record<string, { readonly help: string }>> = declarations[kind].properties
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, Key] => {
      const help = words[name]?.help ?? ''
      return [name, musts.includes(name) ? must(shape, help, 'later') : key(shape, help)]
    }),
  )
}

const companyShape = record('the company', declarations.company.help, {
  name: must(scalar('string'), 'The controller’s name.', 'later'),
  ...properties('company', {
    address: scalar('string'),
    email: scalar('string'),
    phone: scalar('string'),
    officer: scalar('string'),
  }),
})

const roleShape = record('a role', declarations.role.help, {
  title,
  ...properties('role', { clients: some(word(cardRights, 'right on contact cards')) }),
})

const purposeShape = record('a purpose', declarations.purpose.help, {
  title,
  ...properties(
    'purpose',
    {
      basis: word(bases, 'legal basis'),
      necessary: scalar('flag'),
      version: scalar('number'),
      text,
      keep: scalar('keep'),
      recipients: some(scalar('string')),
      about: word(subjects, 'group of people'),
    },
    ['basis'],
  ),
})

const template = (kind: 'letter' | 'document', heading: string) =>
  record(`a ${kind}`, declarations[kind].help, {
    [heading]: key(text, kind === 'letter' ? 'The subject: a Liquid template.' : title.help),
    ...properties(kind, { for: mention('purpose'), body: scalar('template') }, ['body']),
  })

const questionShape = record(
  'a question',
  declarations.form.properties.ask.help,
  {
    field: key(mention('field'), 'The field it fills in.'),
    consent: key(mention('purpose'), 'The purpose it asks consent for: Yes and No, neither preset.'),
    required: key(scalar('flag'), 'It has to be answered. For a consent: Yes or No, never a Yes alone.'),
    when: key(scalar('expression'), 'It is asked only while this holds.'),
  },
  ['field', 'consent'],
)

const formShape = record('a form', declarations.form.help, {
  title,
  ...properties('form', { starts: mention('process'), fills: mention('process'), ask: list(questionShape) }),
})

const webhookShape = record('a webhook', declarations.webhook.help, {
  title,
  ...properties(
    'webhook',
    { url: scalar('string'), recipient: scalar('string'), secret: scalar('environment'), for: mention('purpose') },
    ['url'],
  ),
})

const typeKeys = {
  type: must(scalar('type'), 'text, money, choice …'),
  options: key(some(scalar('option')), 'The options of a `choice` or of `many`.'),
}

const typeShape = either(scalar('type'), record('a type', 'The type of an input or an answer.', typeKeys))

const rowShape = record(
  'a row',
  'A row of a decision table.',
  {
    when: key(scalar('expression'), 'The row answers where this holds.'),
    value: key(scalar('expression'), 'Its answer.'),
    otherwise: key(scalar('expression'), 'The answer where no row above has one.'),
  },
  ['value', 'otherwise'],
)

const tableShape = record('a table', declarations.table.help, {
  title,
  inputs: must(declared('input', typeShape, true), 'What the table looks at: names with their types.'),
  gives: must(typeShape, 'The type of its answers.'),
  rows: must(list(rowShape), 'The rows in order; the first that holds answers.'),
})

const weekShape = record('working hours', 'Days of the week with their hours.', {
  days: must(some(scalar('days')), `\`monday to friday\`, or a list of days: ${weekdays.join(', ')}.`),
  from: must(scalar('clock'), 'When work begins: `"8:00"`.'),
  to: must(scalar('clock'), 'When it ends: `"16:00"`.'),
})

const hoursShape = record('hours', declarations.hours.help, {
  ...properties('hours', { timezone: scalar('string') }),
  week: key(list(weekShape), 'The hours of each day that has some.'),
  ...properties('hours', { holidays: some(scalar('date')) }),
})

const fieldShape = record('a field', declarations.process.properties.field.help, {
  title,
  ...typeKeys,
  personal: key(names('purpose'), 'The purposes its values are held for.'),
  special: key(scalar('flag'), 'A special category of data (GDPR Art. 9).'),
  default: key(scalar('expression'), 'What a new case has in it.'),
})

const shownTo = key(
  names('role', ['client']),
  'Who sees it: roles, or `client` for the portal. All with the right if left out.',
)
const shownShape = list(
  either(
    mention('field'),
    record('shown fields', 'Fields, and who sees them.', {
      fields: must(names('field'), 'The fields.'),
      to: shownTo,
    }),
  ),
)

const sendShape = record('`send`', actions.send, {
  letter: must(mention('letter'), 'The letter.'),
  to: must(
    mention(['role', 'field'], ['client', 'assignee']),
    '`client`, `assignee`, a role, or a field that holds an e-mail address.',
  ),
  attach: key(names('document'), 'Documents that go with it as PDF.'),
})

const notifyShape = record('`notify`', actions.notify, {
  to: must(mention('role', ['everyone', 'assignee']), '`everyone`, `assignee` or a role.'),
  text: must(text, 'What they read.'),
})

const setShape = record('`set`', actions.set, {
  field: must(mention('field'), 'The field.'),
  to: must(scalar('expression'), 'Its new value.'),
})

const eraseShape = either(
  some(mention('field', ['client'])),
  record('`erase`', actions.erase, {
    fields: must(names('field'), 'The fields.'),
    after: key(scalar('duration'), 'How long after; at once if left out.'),
  }),
)

const recordShape = either(
  mention('purpose'),
  record('`recordConsent`', actions.record, {
    to: must(mention('purpose'), 'The purpose.'),
    as: key(word(['given', 'refused'], 'decision that can be recorded'), '`given` if left out.'),
  }),
)

const startShape = either(
  mention('process'),
  record('`start`', actions.start, {
    process: must(mention('process'), 'The process.'),
    with: key(mapped('field', scalar('expression')), 'Fields of the new case, with their values.'),
  }),
)

const callShape = either(
  mention('webhook'),
  record('`call`', actions.call, {
    webhook: must(mention('webhook'), 'The webhook.'),
    with: key(names('field'), 'The fields that are sent.'),
  }),
)

/** Actions by their keys. */
export const actionKeys = {
  send: key(sendShape, actions.send),
  notify: key(notifyShape, actions.notify),
  set: key(setShape, actions.set),
  erase: key(eraseShape, actions.erase),
  recordConsent: key(recordShape, actions.record),
  assign: key(scalar('expression'), actions.assign),
  start: key(startShape, actions.start),
  write: key(mention('document'), actions.write),
  call: key(callShape, actions.call),
  goTo: key(mention('stage'), actions.go),
} satisfies Readonly<Record<string, Key>>

export type ActionKey = keyof typeof actionKeys

const actionShape = record('an action', 'What a rule does.', { ...actionKeys, when }, Object.keys(actionKeys))
const actionsShape = list(actionShape)

const consequence = {
  do: key(actionsShape, 'What is done, in order.'),
  goTo: key(mention('stage'), 'Where the case goes then.'),
}

/** Rules by the key of their trigger; within a trigger the first that matches wins. */
export const ruleKeys = {
  reply: key(
    list(
      record('a rule of replies', `When ${happenings.reply}.`, {
        to: key(mention('letter'), 'Only to this letter.'),
        saying: key(some(scalar('string')), 'Only where one line says just this.'),
        when,
        ...consequence,
      }),
    ),
    `When ${happenings.reply}.`,
  ),
  form: key(
    list(
      record('a rule of forms', `When ${happenings.form}.`, {
        name: must(mention('form'), 'The form.'),
        when,
        ...consequence,
      }),
    ),
    `When ${happenings.form}.`,
  ),
  consent: key(
    list(
      record('a rule of consents', `When ${happenings.consent}.`, {
        to: must(mention('purpose'), 'The purpose.'),
        is: must(word(decisions, 'decision about a consent'), 'What the client decided.'),
        when,
        ...consequence,
      }),
    ),
    `When ${happenings.consent}.`,
  ),
  signal: key(
    list(
      record('a rule of signals', `When ${happenings.signal}.`, {
        name: must(mention('signal'), 'The signal.'),
        when,
        ...consequence,
      }),
    ),
    `When ${happenings.signal}.`,
  ),
  when: key(
    list(
      record('a `when` rule', `When ${triggers.when}.`, {
        holds: must(scalar('expression'), 'The condition.'),
        ...consequence,
      }),
    ),
    `When ${triggers.when}.`,
  ),
  after: key(
    list(
      record('an `after` rule', `When ${triggers.after}.`, {
        delay: must(scalar('duration'), 'How long: `14 days`, `2 working days`.'),
        when,
        ...consequence,
      }),
    ),
    `When ${triggers.after}.`,
  ),
  at: key(
    list(
      record('an `at` rule', `When ${triggers.at}.`, {
        time: must(scalar('expression'), 'The date or time.'),
        when,
        ...consequence,
      }),
    ),
    `When ${triggers.at}.`,
  ),
  casesDone: key(
    list(record('a rule of started cases', `When ${happenings.cases}.`, { when, ...consequence })),
    `When ${happenings.cases}.`,
  ),
  moves: key(
    list(
      record('a move', `When ${triggers.move}.`, {
        to: must(mention('stage'), 'Where the case goes.'),
        by: key(names('role'), 'The roles that may; all with the right `move` if left out.'),
        as: key(text, 'The words of the button; the stage’s title if left out.'),
        when,
        do: consequence.do,
      }),
    ),
    `When ${triggers.move}.`,
  ),
} satisfies Readonly<Record<string, Key>>

export type RuleKey = keyof typeof ruleKeys

const { moves: moveRules, ...otherRules } = ruleKeys

const needsShape = record('`needs`', stageWords.needs.help, {
  consent: must(mention('purpose'), 'The purpose.'),
  otherwise: must(mention('stage'), 'Where a case goes without it.', 'later'),
})

const stageShape = record('a stage', declarations.process.properties.stage.help, {
  title,
  was: key(mention('stage'), 'The name it had in the version before.'),
  final: key(
    word(['true', 'false', 'success'], 'kind of end'),
    '`true` ends the case; `success` is an end that counts as the service rendered.',
  ),
  manualEntry: key(word(['forbidden', 'allowed'], 'kind of entry'), '`forbidden`: only a rule brings a case here.'),
  needs: key(list(needsShape), stageWords.needs.help),
  show: key(shownShape, stageWords.show.help),
  edit: key(shownShape, stageWords.edit.help),
  require: key(names('field'), stageWords.require.help),
  enter: key(actionsShape, `What is done when ${happenings.enter}.`),
  leave: key(actionsShape, `What is done when ${happenings.leave}.`),
  ...ruleKeys,
})

const processWords = declarations.process.properties

const processShape = record('a process', declarations.process.help, {
  title,
  portal: key(scalar('flag'), 'The client sees it in the portal and may start it there.'),
  moves: key(word(['declared', 'free'], 'kind of moves'), processWords.moves.help),
  access: key(mapped('role', some(word(caseRights, 'right on cases'))), processWords.access.help),
  fields: key(declared('field', fieldShape), processWords.field.help),
  show: key(shownShape, processWords.show.help),
  edit: key(shownShape, processWords.edit.help),
  stages: key(declared('stage', stageShape), processWords.stage.help),
  ...otherRules,
  move: key(moveRules.shape, 'A button that stands at every stage.'),
})

const bodies = {
  company: companyShape,
  role: roleShape,
  purpose: purposeShape,
  letter: template('letter', 'subject'),
  document: template('document', 'title'),
  form: formShape,
  process: processShape,
  webhook: webhookShape,
  table: tableShape,
  hours: hoursShape,
} satisfies Readonly<Record<DeclarationKind, RecordShape>>

/** What stands once a workspace, without a name. */
const lone: ReadonlySet<DeclarationKind> = new Set(['company', 'hours'])

/** The top of a file: declarations by kind. */
export const workspaceShape: RecordShape = record(
  'a workspace',
  'Business processes that touch people’s data, with their purposes, letters and forms.',
  Object.fromEntries(
    (Object.keys(declarations) as DeclarationKind[]).map((kind) => {
      const shape = lone.has(kind)
        ? bodies[kind]
        : declared(kind as Exclude<DeclarationKind, 'company' | 'hours'>, bodies[kind])
      return [declarations[kind].yaml, key(shape, declarations[kind].help)]
    }),
  ),
)
