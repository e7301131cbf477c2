import fc from 'fast-check'
import type {
  ClockTime,
  CompanyNode,
  Declaration,
  FileNode,
  FormNode,
  HoursNode,
  KeepNode,
  LetterNode,
  PurposeNode,
  QuestionNode,
  RoleNode,
  RowNode,
  TableNode,
  WebhookNode,
  WorkingDays,
} from '../../../dsl/tree.ts'
import { bases } from '../../../dsl/vocabulary.ts'
import { weekdays } from '../../../engine/definition.ts'
import { name, number } from './nodes.ts'
import { is, itemsOf, maybe, node, property } from './tree.ts'
import { anyExpression } from './wild-expressions.ts'
import { anyProcess, anyType, names } from './wild-processes.ts'
import { anyDate, anyDuration, anyName, anyNumber, anyString, anyTranslated } from './words.ts'

const title = maybe(anyTranslated)
const when = maybe(anyExpression)

const company = node<CompanyNode>({
  kind: is('company'),
  title: maybe(anyString),
  items: itemsOf(
    fc.oneof(
      ...(['address', 'email', 'phone', 'officer'] as const).map((kind) => property(kind, anyString)),
    ) as fc.Arbitrary<CompanyNode['items'][number]>,
    ['address', 'email', 'phone', 'officer'],
  ),
})

const role = node<RoleNode>({
  kind: is('role'),
  name: anyName,
  title,
  items: itemsOf(property('clients', names), ['clients']),
})

const keep: fc.Arbitrary<KeepNode> = fc.oneof(
  fc.constant({ event: name('end') }),
  fc.record({ for: anyDuration, event: fc.constantFrom('end', 'given').map(name) }),
)

const purpose = node<PurposeNode>({
  kind: is('purpose'),
  name: anyName,
  title,
  items: itemsOf<PurposeNode['items'][number]>(
    fc.oneof(
      property('basis', fc.constantFrom(...bases).map(name)),
      property('necessary', is(true)),
      property('version', anyNumber),
      property('text', anyTranslated),
      property('keep', keep),
      property('recipients', fc.array(anyString, { minLength: 1, maxLength: 3 })),
      property('about', anyName),
    ),
    ['basis', 'necessary', 'version', 'text', 'keep', 'recipients', 'about'],
  ),
})

const letter = fc.constantFrom('letter' as const, 'document' as const).chain((kind) =>
  node<LetterNode>({
    kind: fc.constant(kind),
    name: anyName,
    title,
    items: itemsOf<LetterNode['items'][number]>(fc.oneof(property('body', anyTranslated), property('for', anyName)), [
      'body',
      'for',
    ]),
  }),
)

const question: fc.Arbitrary<QuestionNode> = fc.oneof(
  node<QuestionNode>({ kind: is('ask'), field: anyName, consent: maybeNot(), required: fc.boolean(), when }),
  node<QuestionNode>({ kind: is('ask'), field: maybeNot(), consent: anyName, required: fc.boolean(), when }),
)

function maybeNot(): fc.Arbitrary<undefined> {
  return fc.constant(undefined)
}

const form = node<FormNode>({
  kind: is('form'),
  name: anyName,
  title,
  items: itemsOf<FormNode['items'][number]>(
    fc.oneof(
      { weight: 1, arbitrary: property('starts', anyName) },
      { weight: 1, arbitrary: property('fills', anyName) },
      { weight: 4, arbitrary: question },
    ),
    ['starts', 'fills'],
  ),
})

const webhook = node<WebhookNode>({
  kind: is('webhook'),
  name: anyName,
  title,
  items: itemsOf<WebhookNode['items'][number]>(
    fc.oneof(
      property('url', anyString),
      property('recipient', anyString),
      property(
        'secret',
        fc.oneof(
          anyName,
          anyString.map(({ value }) => name(value)),
        ),
      ),
      property('for', anyName),
    ),
    ['url', 'recipient', 'secret', 'for'],
  ),
})

const row: fc.Arbitrary<RowNode> = node<RowNode>({ kind: is('row'), when, value: anyExpression })

const table = node<TableNode>({
  kind: is('table'),
  name: anyName,
  title,
  inputs: fc.uniqueArray(fc.record({ name: anyName, type: anyType }), {
    minLength: 1,
    maxLength: 3,
    selector: (input) => input.name.text,
  }),
  gives: anyType,
  rows: fc.array(row, { maxLength: 4 }),
})

const day = fc.constantFrom(...weekdays).map(name)

const clock: fc.Arbitrary<ClockTime> = fc.record({
  hour: fc.nat(30).map((hour) => number(String(hour))),
  minute: fc.nat(70).map((minute) => number(String(minute).padStart(2, '0'))),
})

const week = node<WorkingDays>({
  kind: is('week'),
  days: fc.array(node<WorkingDays['days'][number]>({ from: day, to: maybe(day) }), { minLength: 1, maxLength: 3 }),
  from: clock,
  to: clock,
})

const hours = node<HoursNode>({
  kind: is('hours'),
  items: itemsOf<HoursNode['items'][number]>(
    fc.oneof(
      week,
      property('holidays', fc.array(anyDate.map(name), { minLength: 1, maxLength: 3 })),
      property('timezone', anyString),
    ),
    ['timezone', 'holidays'],
  ),
})

const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  { weight: 1, arbitrary: company },
  { weight: 2, arbitrary: role },
  { weight: 2, arbitrary: purpose },
  { weight: 2, arbitrary: letter },
  { weight: 2, arbitrary: form },
  { weight: 4, arbitrary: anyProcess },
  { weight: 1, arbitrary: webhook },
  { weight: 2, arbitrary: table },
  { weight: 1, arbitrary: hours },
)

/**
 * Whole files of every form that the tree has, each name once for its kind. Nothing needs to make sense: fields,
 * stages and purposes may be named that nobody declares, and names are words of the language as often as not.
 */
export const wildTree: fc.Arbitrary<FileNode> = fc.record({
  declarations: itemsOf(declaration, ['company', 'hours'], 4),
})
