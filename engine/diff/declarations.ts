import type { Company, Definition, Document, Hours, Letter, Place, Role, Webhook } from '../definition.ts'
import { weekdays } from '../definition.ts'
import { type Aspect, added, changes, compareNamed, removed } from './compare.ts'
import type { Difference, Subject, What } from './difference.ts'
import { setKey, textKey } from './key.ts'
import { listInWords, quoted, textInWords } from './words.ts'

/** What differs in who the controller is, when it works, and its roles, letters, documents and outside addresses. */
export function compareDeclarations(before: Definition, after: Definition): Difference[] {
  const subject = (what: What) => (of: { readonly name: string }) => ({ what, name: of.name })
  const within =
    <T extends { readonly name: string; readonly at: Place }>(what: What, aspects: readonly Aspect<T>[]) =>
    (one: T, other: T) =>
      changes({ what, name: other.name }, aspects, one, other)
  return [
    ...compareOnly({ what: 'company', name: 'company' }, before.company, after.company, companyAspects, quotedName),
    ...compareOnly({ what: 'hours', name: 'hours' }, before.hours, after.hours, hoursAspects, weekInWords),
    ...compareNamed(before.roles, after.roles, subject('role'), roleInWords, within('role', roleAspects)),
    ...compareNamed(before.letters, after.letters, subject('letter'), letterInWords, within('letter', letterAspects)),
    ...compareNamed(
      before.documents,
      after.documents,
      subject('document'),
      ({ title }) => textInWords(title),
      within('document', documentAspects),
    ),
    ...compareNamed(
      before.webhooks,
      after.webhooks,
      subject('webhook'),
      ({ url }) => quoted(url),
      within('webhook', webhookAspects),
    ),
  ]
}

function compareOnly<T extends Company | Hours>(
  subject: Subject,
  before: T | undefined,
  after: T | undefined,
  aspects: readonly Aspect<T>[],
  whole: (of: T) => string,
): Difference[] {
  if (before && after) return changes(subject, aspects, before, after)
  if (before) return [removed(subject, whole(before), before.at)]
  return after ? [added(subject, whole(after), after.at)] : []
}

const optional = (words: string | undefined) => (words === undefined ? undefined : quoted(words))
const quotedName = ({ name }: Company) => quoted(name)

const companyAspects: readonly Aspect<Company>[] = [
  { name: 'name', words: quotedName },
  { name: 'address', words: ({ address }) => optional(address) },
  { name: 'email', words: ({ email }) => optional(email) },
  { name: 'phone', words: ({ phone }) => optional(phone) },
  { name: 'officer', words: ({ officer }) => optional(officer) },
]

const hoursAspects: readonly Aspect<Hours>[] = [
  { name: 'timezone', words: ({ timezone }) => quoted(timezone ?? 'UTC') },
  { name: 'week', words: weekInWords },
  {
    name: 'holidays',
    words: ({ holidays }) => listInWords(holidays.toSorted()),
    same: ({ holidays }) => setKey(holidays),
  },
]

/** Day by day, so that it does not matter how days were put together. */
function weekInWords({ week }: Hours): string {
  const days = weekdays.flatMap((day) => {
    const times = week.filter(({ days }) => days.includes(day)).map(({ from, to }) => `${clock(from)} to ${clock(to)}`)
    return times.length > 0 ? [`${day} ${[...new Set(times)].toSorted().join(' and ')}`] : []
  })
  return listInWords(days)
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

function roleInWords({ title, clients }: Role): string {
  return `${textInWords(title)}${clients.length > 0 ? `, clients: ${clients.join(', ')}` : ''}`
}

const roleAspects: readonly Aspect<Role>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  {
    name: 'clients',
    words: ({ clients }) => listInWords(clients),
    same: ({ clients }) => setKey(clients),
  },
]

function letterInWords({ subject }: Letter): string {
  return textInWords(subject)
}

const letterAspects: readonly Aspect<Letter>[] = [
  { name: 'subject', words: letterInWords, same: ({ subject }) => textKey(subject) },
  { name: 'for', words: ({ purpose }) => purpose },
  { name: 'body', words: ({ body }) => textInWords(body), same: ({ body }) => textKey(body) },
]

const documentAspects: readonly Aspect<Document>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'for', words: ({ purpose }) => purpose },
  { name: 'body', words: ({ body }) => textInWords(body), same: ({ body }) => textKey(body) },
]

const webhookAspects: readonly Aspect<Webhook>[] = [
  { name: 'url', words: ({ url }) => quoted(url) },
  { name: 'recipient', words: ({ recipient }) => optional(recipient) },
  { name: 'secret', words: ({ secret }) => secret },
  { name: 'for', words: ({ purpose }) => purpose },
]
