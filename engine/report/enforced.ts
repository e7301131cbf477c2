import type { CaseRight, Process, Text } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'
import { rolesWith } from '../rights.ts'
import { inLanguage } from '../text.ts'
import { type Language, listed, quoted, type Words, words } from './language.ts'
import { actionsOf, consentsAsked, consentsOf, formsOf, personalFields, rulesOf } from './uses.ts'

/** Something that a part of the server does whatever a definition says, and where it stands in the source. */
export interface Enforced {
  readonly part: string
  /** One true sentence about a process, or nothing where it does not come up there. */
  says(ground: Ground, language: Language): string | undefined
}

type Holds = (ground: Ground) => boolean

function always(part: string, sentence: Words, holds: Holds = () => true): Enforced {
  return { part, says: (ground, language) => (holds(ground) ? sentence[language] : undefined) }
}

/** A sentence about some names in the process; it does not come up where there are none. */
function naming(
  part: string,
  names: (ground: Ground, language: Language) => readonly string[],
  sentence: (names: string) => Words,
): Enforced {
  return {
    part,
    says: (ground, language) => {
      const found = names(ground, language)
      return found.length > 0 ? sentence(listed(found, language))[language] : undefined
    },
  }
}

const asksInForm: Holds = (ground) => formsOf(ground).some((form) => consentsAsked(form).length > 0)
const hasForm: Holds = (ground) => formsOf(ground).length > 0
const records: Holds = ({ process }) => actionsOf(process).some(({ action }) => action.kind === 'record consent')
const recordsByReply: Holds = ({ process }) =>
  actionsOf(process).some(({ action, rule }) => action.kind === 'record consent' && rule?.trigger.kind === 'reply')
const waitsForReplies: Holds = ({ process }) => rulesOf(process).some(({ trigger }) => trigger.kind === 'reply')
const writesToClient: Holds = ({ process }) =>
  actionsOf(process).some(({ action }) => action.kind === 'send' && action.to.kind === 'client')
const needsStatement: Holds = (ground) => consentsOf(ground).some(({ basis }) => basis === 'explicit consent')
const sendsForConsent: Holds = ({ definition, process }) =>
  actionsOf(process).some(({ action }) => {
    const purpose = action.kind === 'send' ? own(definition.letters, action.letter)?.purpose : undefined
    const declared = purpose === undefined ? undefined : own(definition.purposes, purpose)
    return declared !== undefined && restsOnConsent(declared)
  })

const titled =
  (choose: (process: Process) => readonly { readonly title: Text }[]) =>
  ({ process }: Ground, language: Language): readonly string[] =>
    choose(process).map(({ title }) => quoted(inLanguage(title, language), language))

const fieldsOfType = (...types: readonly string[]) =>
  titled(({ fields }) => Object.values(fields).filter(({ type }) => types.includes(type.kind)))

const rolesThatMay =
  (right: CaseRight) =>
  ({ definition, process }: Ground, language: Language): readonly string[] =>
    rolesWith(process, right).map((role) => inLanguage(own(definition.roles, role)?.title ?? { en: role }, language))

const rolesOfCards = ({ definition }: Ground, language: Language): readonly string[] =>
  Object.values(definition.roles)
    .filter(({ clients }) => clients.includes('erase'))
    .map(({ title }) => inLanguage(title, language))

const erasedLater = titled((process) => {
  const names = actionsOf(process).flatMap(({ action }) =>
    action.kind === 'erase' && action.after ? action.fields : [],
  )
  return [...new Set(names)].flatMap((name) => own(process.fields, name) ?? [])
})

export const minimalCard = always(
  'runtime/clients/clients.ts',
  words(
    'a client’s card needs nothing at all; who gave no name is called by a made-up one',
    'karta klienta nie wymaga niczego; kto nie podał nazwiska, ma wymyślony przydomek',
  ),
)
export const loginAlone = always(
  'runtime/identity/people.ts',
  words(
    'an account of the staff is a login and a password: no name, address or number is asked',
    'konto pracownika to login i hasło: nie wymaga nazwiska, adresu ani numeru',
  ),
)
export const staffMail = always(
  'runtime/cases/postman.ts',
  words('letters to the staff go to the company’s own mailbox', 'listy do pracowników trafiają do skrzynki firmy'),
)
export const letterNeedsConsent = always(
  'engine/actions.ts',
  words(
    'a letter for a purpose goes out only while the consent to it stands; else the case says why it did not',
    'list w danym celu wychodzi tylko przy ważnej zgodzie; inaczej sprawa mówi, dlaczego nie wyszedł',
  ),
  sendsForConsent,
)
export const questionApart = always(
  'runtime/http/pages/portal-form.ts',
  words(
    'in forms each consent is a question of its own, in a frame with its purpose’s text',
    'w formularzach każda zgoda jest osobnym pytaniem, w ramce z tekstem jej celu',
  ),
  asksInForm,
)
export const nothingElseCloses = always(
  'engine/reach.ts',
  words(
    'a refusal closes the data held for that purpose alone; all other data and stages stay as they are',
    'odmowa zamyka tylko dane trzymane w tym jednym celu; inne dane i etapy zostają bez zmian',
  ),
)
export const ownAddress = naming('engine/address.ts', fieldsOfType('client email'), (names) =>
  words(
    `${names}: kept in the case alone, never on the client’s card, and letters of the case go there first`,
    `${names}: tylko w tej sprawie, nigdy na karcie klienta; listy w sprawie idą najpierw tam`,
  ),
)
export const ownNumber = naming('runtime/cases/draft.ts', fieldsOfType('client phone'), (names) =>
  words(
    `${names}: kept in the case alone, never on the client’s card`,
    `${names}: tylko w tej sprawie, nigdy na karcie klienta`,
  ),
)
export const noticeInForms = always(
  'runtime/http/pages/form-notice.ts',
  words(
    'each form shows who asks, each purpose’s text, for how long, who else receives the data, and the right to withdraw',
    'każdy formularz pokazuje, kto pyta, tekst każdego celu, jak długo, kto jeszcze otrzyma dane i prawo wycofania',
  ),
  (ground) => hasForm(ground) && ground.process.portal,
)
export const evidenceNeeded = always(
  'engine/actions.ts',
  words(
    'a rule records a consent only on the client’s own reply or form; without it nothing is recorded',
    'reguła zapisuje zgodę tylko na podstawie odpowiedzi lub formularza klienta; bez tego nic się nie zapisuje',
  ),
  records,
)
export const neitherPreset = always(
  'runtime/http/pages/portal-form.ts',
  words(
    'forms show Yes and No with neither preset, and “required” asks for an answer, never for a yes',
    'formularze pokazują Tak i Nie, żadnego nie zaznaczając, a „wymagane” oznacza odpowiedź, nigdy zgodę',
  ),
  asksInForm,
)
export const onlyOwnReply = always(
  'runtime/mail/judge.ts',
  words(
    'a reply counts only if it answers that letter of that case, comes from the client’s address, its sender is proved, and no machine wrote it',
    'odpowiedź liczy się tylko, gdy dotyczy tego listu tej sprawy, przychodzi z adresu klienta, nadawca jest potwierdzony i nie pisał jej automat',
  ),
  waitsForReplies,
)
export const typedStatement = always(
  'runtime/consent/check.ts',
  words(
    'online the client types the statement of an explicit consent; a click alone is refused',
    'w internecie klient wpisuje oświadczenie o wyraźnej zgodzie; samo kliknięcie jest odrzucane',
  ),
  needsStatement,
)
export const guardedStages = naming(
  'engine/moves.ts',
  titled(({ stages }) => Object.values(stages).filter(({ manualEntry }) => manualEntry === 'forbidden')),
  (names) => words(`no person can move a case into ${names}`, `nikt nie przeniesie sprawy do ${names}`),
)
export const neededConsents = naming(
  'engine/machine.ts',
  titled(({ stages }) => Object.values(stages).filter(({ needs }) => needs.length > 0)),
  (names) =>
    words(
      `a case can’t be in ${names} without the consent it needs, whoever or whatever moves it`,
      `sprawa nie może być w ${names} bez potrzebnej zgody, ktokolwiek lub cokolwiek ją przenosi`,
    ),
)
export const twoClicks = always(
  'runtime/http/pages/portal.ts',
  words(
    'in the client’s portal each consent is withdrawn in two clicks, and no reason is asked',
    'w portalu klienta każdą zgodę wycofuje się dwoma kliknięciami, bez podawania powodu',
  ),
)
export const signedLink = always(
  'runtime/identity/portal-link.ts',
  words(
    'each letter to the client ends in a signed link to their data and consents: no account is needed',
    'każdy list do klienta kończy się podpisanym odnośnikiem do jego danych i zgód: konto nie jest potrzebne',
  ),
  writesToClient,
)
export const fieldErasers = naming('engine/rights.ts', rolesThatMay('erase'), (names) =>
  words(`may erase fields of its cases: ${names}`, `mogą usuwać pola jej spraw: ${names}`),
)
export const cardErasers = naming('runtime/cases/rights.ts', rolesOfCards, (names) =>
  words(`may erase a client whole: ${names}`, `mogą usunąć całego klienta: ${names}`),
)
export const wholeErasure = always(
  'runtime/store/erasure.ts',
  words(
    'erasing a client deletes their key and all values, letters, messages, evidence and search traces under it, and leaves a proof without personal data',
    'usunięcie klienta kasuje jego klucz oraz wszystkie wartości, listy, wiadomości, dowody i ślady wyszukiwania, a zostawia dowód bez danych osobowych',
  ),
)
export const oneTransaction = always(
  'runtime/cases/client-road.ts',
  words(
    'a withdrawal is recorded in one transaction, and in it every case of the client follows its rules',
    'wycofanie zapisuje się w jednej transakcji, w której każda sprawa klienta wykonuje swoje reguły',
  ),
)
export const erasedAtOnce = always(
  'engine/consent.ts',
  words(
    'in the same step the values held for that purpose alone are erased',
    'w tym samym kroku usuwane są wartości trzymane tylko w tym celu',
  ),
  ({ definition, process }) =>
    personalFields(process).some(({ personal }) =>
      personal.every((name) => {
        const purpose = own(definition.purposes, name)
        return purpose !== undefined && restsOnConsent(purpose)
      }),
    ),
)
export const vaultRefuses = always(
  'runtime/vault/vault.ts',
  words(
    'no value is opened for a purpose whose consent does not stand',
    'żadna wartość nie jest otwierana w celu, na który nie ma ważnej zgody',
  ),
)
export const waitingLetterStops = always(
  'runtime/jobs/letter.ts',
  words(
    'a letter that still waits is not sent once the consent to its purpose is withdrawn',
    'list, który jeszcze czeka, nie wychodzi, gdy zgoda na jego cel została wycofana',
  ),
  sendsForConsent,
)
export const versionKept = always(
  'runtime/consent/record.ts',
  words(
    'each decision keeps the version of the purpose and the words that were shown',
    'każda decyzja zachowuje wersję celu i pokazane słowa',
  ),
)
export const versionOfCase = always(
  'runtime/cases/versions.ts',
  words(
    'a case runs on the version of the process that it started with',
    'sprawa toczy się według wersji procesu, od której się zaczęła',
  ),
)
export const eachPurposeApart = always(
  'engine/reach.ts',
  words(
    'each purpose stands or falls by itself: data are in reach while one of their purposes has a ground',
    'każdy cel obowiązuje osobno: dane są dostępne, dopóki choć jeden ich cel ma podstawę',
  ),
)
export const decidedApart = always(
  'runtime/http/pages/portal.ts',
  words(
    'in the portal the client gives, refuses and withdraws each purpose apart, at any time',
    'w portalu klient udziela, odmawia i wycofuje zgodę na każdy cel osobno, w każdej chwili',
  ),
)
export const ownWords = always(
  'runtime/http/pages/form-notice.ts',
  words(
    'forms and portal show the client just the purpose’s own text, in their language where it has one',
    'formularze i portal pokazują klientowi dokładnie tekst celu, w jego języku, jeśli taki jest',
  ),
)
export const onlyWhatStageNames = always(
  'engine/visibility.ts',
  words(
    'a stage shows only the fields it names, to those it names; all else is hidden from pages and API alike',
    'etap pokazuje tylko nazwane pola i tylko nazwanym osobom; reszta jest ukryta na stronach i w API',
  ),
)
export const erasuresRun = naming('runtime/jobs/timer.ts', erasedLater, (names) =>
  words(`erased by themselves when their time has come: ${names}`, `usuwane same, gdy przyjdzie ich czas: ${names}`),
)
export const decisionKept = always(
  'runtime/consent/record.ts',
  words(
    'each decision is kept with who, when and how, the exact text shown, its version and its SHA-256',
    'każda decyzja jest przechowywana z tym, kto, kiedy i jak, z dokładnym tekstem, jego wersją i SHA-256',
  ),
)
export const replyKept = always(
  'runtime/jobs/message.ts',
  words(
    'a consent by letter keeps the reply’s Message-ID, its words, and how its sender was proved',
    'zgoda listem zachowuje Message-ID odpowiedzi, jej słowa i sposób potwierdzenia nadawcy',
  ),
  recordsByReply,
)
export const formKept = always(
  'runtime/portal/portal.ts',
  words(
    'a consent by form keeps which form it was, in which language, and what the client typed',
    'zgoda w formularzu zachowuje, który to formularz, w jakim języku i co klient wpisał',
  ),
  asksInForm,
)
