import type { Action, Company, Definition, Process, Purpose, Webhook } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import { inLanguage } from '../text.ts'
import { type Language, listed, quoted, words } from './language.ts'
import { durationIn, keepIn } from './time.ts'
import { actionsOf, grounds, personalFields, purposesOf } from './uses.ts'

/** A processing activity: one purpose in one process (GDPR Art. 30(1)). */
export interface Activity {
  readonly purpose: string
  /** Of the process; absent where none uses the purpose. */
  readonly process?: string
  readonly processTitle: string
  /** (a) */
  readonly controller: string
  readonly officer: string
  /** (b) */
  readonly purposes: string
  readonly text: string
  readonly basis: string
  /** (c) */
  readonly people: string
  readonly data: readonly string[]
  readonly special: readonly string[]
  /** (d) */
  readonly recipients: readonly string[]
  /** (e) */
  readonly thirdCountries: string
  /** (f) */
  readonly limits: readonly string[]
  /** (g) */
  readonly security: readonly string[]
}

const said = {
  noController: words('not declared', 'nie podano'),
  clients: words('clients', 'klienci'),
  employees: words('employees', 'pracownicy'),
  noCountries: words('none declared', 'nie zadeklarowano'),
  noProcess: words('no process uses it', 'nie używa go żaden proces'),
  erasedWhole: words('the client is erased whole at', 'klient usuwany w całości:'),
  anyStage: words('any stage', 'każdy etap'),
  at: words('erased at', 'usuwane:'),
  after: words('after', 'po'),
}

const bases: Readonly<Record<Purpose['basis'], ReturnType<typeof words>>> = {
  consent: words('consent, Art. 6(1)(a)', 'zgoda, art. 6 ust. 1 lit. a'),
  'explicit consent': words(
    'explicit consent, Art. 6(1)(a), 9(2)(a)',
    'wyraźna zgoda, art. 6 ust. 1 lit. a, art. 9 ust. 2 lit. a',
  ),
  contract: words('contract, Art. 6(1)(b)', 'umowa, art. 6 ust. 1 lit. b'),
  'legal obligation': words('legal obligation, Art. 6(1)(c)', 'obowiązek prawny, art. 6 ust. 1 lit. c'),
  'vital interests': words('vital interests, Art. 6(1)(d)', 'żywotne interesy, art. 6 ust. 1 lit. d'),
  'public task': words('public task, Art. 6(1)(e)', 'zadanie publiczne, art. 6 ust. 1 lit. e'),
  'legitimate interest': words(
    'legitimate interest, Art. 6(1)(f)',
    'prawnie uzasadniony interes, art. 6 ust. 1 lit. f',
  ),
}

/** Measures that every installation has, each with the part of the server that takes it (GDPR Art. 32). */
export const measures = [
  {
    part: 'runtime/vault/seal.ts',
    says: words(
      'personal values, letters and evidence are stored encrypted (AES-256-GCM), each client’s under a key of their own',
      'wartości osobowe, listy i dowody są przechowywane zaszyfrowane (AES-256-GCM), każdego klienta pod własnym kluczem',
    ),
  },
  {
    part: 'runtime/vault/client-key.ts',
    says: words(
      'clients’ keys are stored wrapped by a master key that is kept outside the database',
      'klucze klientów są przechowywane zaszyfrowane kluczem głównym, trzymanym poza bazą',
    ),
  },
  {
    part: 'engine/visibility.ts',
    says: words(
      'each stage shows each role only the fields it names, on pages and in the API alike',
      'każdy etap pokazuje każdej roli tylko nazwane pola, na stronach i w API tak samo',
    ),
  },
  {
    part: 'runtime/vault/vault.ts',
    says: words(
      'data that rest on a consent can’t be opened while it does not stand',
      'danych opartych na zgodzie nie można otworzyć, gdy zgoda nie obowiązuje',
    ),
  },
  {
    part: 'runtime/cases/draft.ts',
    says: words(
      'the history of cases holds names of fields, never their values',
      'historia spraw zawiera nazwy pól, nigdy ich wartości',
    ),
  },
  {
    part: 'runtime/identity/passwords.ts',
    says: words(
      'passwords are kept as Argon2id hashes, and guessing them is slowed down',
      'hasła są przechowywane jako skróty Argon2id, a zgadywanie jest spowalniane',
    ),
  },
] as const

/** The record of processing activities: a row for each purpose and each process that uses it (GDPR Art. 30(1)). */
export function registerOf(definition: Definition, language: Language): readonly Activity[] {
  const all = grounds(definition)
  return Object.values(definition.purposes).flatMap((purpose) => {
    const users = all.filter((ground) => purposesOf(ground).includes(purpose))
    return users.length > 0
      ? users.map((ground) => activity(definition, purpose, language, ground))
      : [activity(definition, purpose, language)]
  })
}

function activity(definition: Definition, purpose: Purpose, language: Language, ground?: Ground): Activity {
  const process = ground?.process
  const fields = process ? personalFields(process).filter(({ personal }) => personal.includes(purpose.name)) : []
  const titles = (special: boolean) =>
    fields.filter((field) => field.special === special).map(({ title }) => inLanguage(title, language))
  return {
    purpose: purpose.name,
    ...(process && { process: process.name }),
    processTitle: process ? inLanguage(process.title, language) : said.noProcess[language],
    controller: controllerIn(definition.company) || said.noController[language],
    officer: definition.company?.officer ?? said.noController[language],
    purposes: inLanguage(purpose.title, language),
    text: inLanguage(purpose.text ?? {}, language),
    basis: bases[purpose.basis][language],
    people: said[purpose.about][language],
    data: titles(false),
    special: titles(true),
    recipients: recipientsOf(definition, purpose, process),
    thirdCountries: said.noCountries[language],
    limits: [
      ...(purpose.keep ? [keepIn(purpose.keep, language)] : []),
      ...(process ? erasures(process, purpose, language) : []),
    ],
    security: measures.map(({ says }) => says[language]),
  }
}

function controllerIn(company: Company | undefined): string {
  const { name, address, email, phone } = company ?? {}
  return [name, address, email, phone].filter((part) => part !== undefined).join(', ')
}

/** Those that the purpose names, and those that its data are called out to. */
function recipientsOf({ webhooks }: Definition, purpose: Purpose, process: Process | undefined): readonly string[] {
  const called = (process ? actionsOf(process) : []).flatMap(({ action }) => {
    if (action.kind !== 'call' || !process) return []
    const webhook = own(webhooks, action.webhook)
    const takes = action.with.some((name) => own(process.fields, name)?.personal.includes(purpose.name))
    return webhook && takes ? [nameOf(webhook)] : []
  })
  return [...new Set([...purpose.recipients, ...called])]
}

/** As Z411 has it: the recipient, or the host of the address. */
function nameOf({ recipient, url }: Webhook): string {
  return recipient?.trim() || (URL.canParse(url) ? new URL(url).hostname : url)
}

/** Where the process itself erases data of a purpose: `Delivery address: 30 days after “Delivered”`. */
function erasures(process: Process, purpose: Purpose, language: Language): readonly string[] {
  const places = [
    ...Object.values(process.stages).map((stage) => ({
      title: quoted(inLanguage(stage.title, language), language),
      actions: [...stage.enter, ...stage.leave, ...stage.rules.flatMap(({ actions }) => actions)],
    })),
    { title: said.anyStage[language], actions: process.rules.flatMap(({ actions }) => actions) },
  ]
  const found = new Map<string, string[]>()
  for (const { title, actions } of places) {
    for (const action of actions) {
      const what = erasedBy(action, process, purpose, language)
      if (what !== undefined) found.set(what, [...new Set([...(found.get(what) ?? []), title])])
    }
  }
  return [...found].map(([what, titles]) => `${what} ${titles.join(', ')}`)
}

function erasedBy(action: Action, process: Process, purpose: Purpose, language: Language): string | undefined {
  if (action.kind === 'erase client') return said.erasedWhole[language]
  if (action.kind !== 'erase') return undefined
  const names = action.fields.flatMap((name) => {
    const field = own(process.fields, name)
    return field?.personal.includes(purpose.name) ? [inLanguage(field.title, language)] : []
  })
  if (names.length === 0) return undefined
  const when = action.after ? `${durationIn(action.after, language)} ${said.after[language]}` : said.at[language]
  return `${listed(names, language)}: ${when}`
}
