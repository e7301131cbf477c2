import type { Status } from './compliance.ts'
import { type Words, words } from './language.ts'
import type { Activity } from './register.ts'

/** The report's own words, in both languages. */
export const said = {
  title: words('Data protection report', 'Raport ochrony danych'),
  made: words('Made on', 'Sporządzono'),
  controller: words('Controller', 'Administrator'),
  officer: words('Data protection officer', 'Inspektor ochrony danych'),
  noController: words('No controller is declared.', 'Nie podano administratora.'),
  contents: words('Contents', 'Spis treści'),
  compliance: words('Requirements', 'Wymagania'),
  complianceLead: words(
    'Each requirement of the law and each process: whether the check found it broken, and else what shows that it is kept. The details are below the table.',
    'Każde wymaganie prawa i każdy proces: czy sprawdzenie wykazało naruszenie, a jeśli nie, co świadczy o jego spełnieniu. Szczegóły są pod tabelą.',
  ),
  requirement: words('Requirement', 'Wymaganie'),
  law: words('Law', 'Prawo'),
  details: words('Requirement by requirement', 'Wymaganie po wymaganiu'),
  otherFindings: words('Also found', 'Znaleziono też'),
  otherLead: words(
    'These belong to no requirement above, and concern how the processes run.',
    'Te nie należą do żadnego wymagania i dotyczą biegu procesów.',
  ),
  sight: words('Who sees what', 'Kto co widzi'),
  sightLead: words(
    'For each role and for the client in the portal: what the server shows at each stage. Whoever has several roles sees what any of them sees. A field that a table does not list is not seen there.',
    'Dla każdej roli i dla klienta w portalu: co serwer pokazuje na każdym etapie. Kto ma kilka ról, widzi to, co widzi którakolwiek z nich. Pola, którego tabela nie wymienia, tam nie widać.',
  ),
  neverSees: words('Never seen', 'Nigdy niewidoczne'),
  seesNothing: words('sees no field at any stage', 'nie widzi żadnego pola na żadnym etapie'),
  noFields: words('This process has no fields.', 'Ten proces nie ma pól.'),
  nobodyElse: words('No other role sees anything of these cases.', 'Żadna inna rola nie widzi nic z tych spraw.'),
  ownAnswers: words(
    'What clients have answered in a form they see in the portal at every stage',
    'To, co klient odpowiedział w formularzu, widzi w portalu na każdym etapie',
  ),
  field: words('Field', 'Pole'),
  special: words('special', 'szczególne'),
  personal: words('personal', 'osobowe'),
  onlyWith: words('only with consent to', 'tylko ze zgodą na'),
  or: words('or', 'lub'),
  pictures: words('The processes', 'Procesy'),
  picturesLead: words(
    'Every way a case can take. Stages are marked by the data that somebody may see there, in words and in colour.',
    'Każda droga, jaką może iść sprawa. Etapy są oznaczone danymi, które ktoś może tam widzieć, słowami i kolorem.',
  ),
  register: words('Record of processing activities', 'Rejestr czynności przetwarzania'),
  registerLead: words(
    'GDPR Art. 30(1): one row for each purpose and each process that uses it.',
    'RODO art. 30 ust. 1: wiersz dla każdego celu i każdego procesu, który go używa.',
  ),
  forAll: words('The same for all', 'Wspólne dla wszystkich'),
  none: words('none', 'brak'),
  noActivities: words('No purpose is declared.', 'Nie zadeklarowano żadnego celu.'),
  warning: words('warning', 'ostrzeżenie'),
  help: words('What to do', 'Co zrobić'),
  path: words('The way that shows it', 'Droga, która to pokazuje'),
  nothingShows: words('nothing shows it yet', 'nic jeszcze tego nie pokazuje'),
  everyProcess: words('Every process', 'Każdy proces'),
} as const satisfies Readonly<Record<string, Words>>

export const sees: Readonly<Record<'nothing' | 'sees' | 'edits', Words>> = {
  nothing: words('nothing', 'nic'),
  sees: words('sees', 'widzi'),
  edits: words('edits', 'edytuje'),
}

export const statuses: Readonly<Record<Status, Words>> = {
  broken: words('broken', 'naruszone'),
  proved: words('proved', 'dowiedzione'),
  enforced: words('enforced', 'wymuszone'),
  tested: words('tested', 'przetestowane'),
  open: words('not shown', 'niewykazane'),
  'not concerned': words('not concerned', 'nie dotyczy'),
}

/** What each status says, for the legend. */
export const meanings: Readonly<Record<Status, Words>> = {
  broken: words(
    'a check or a scenario shows a case in which it is not kept',
    'sprawdzenie lub scenariusz pokazuje sprawę, w której nie jest spełnione',
  ),
  proved: words(
    'a check looked at all that the process can do, and found nothing',
    'sprawdzenie objęło wszystko, co proces może zrobić, i nic nie znalazło',
  ),
  enforced: words('the server does it, whatever the process says', 'robi to serwer, cokolwiek mówi proces'),
  tested: words('a scenario of the process shows it', 'pokazuje to scenariusz procesu'),
  open: words('nothing shows it yet', 'nic jeszcze tego nie pokazuje'),
  'not concerned': words('the process does nothing of the kind', 'proces nie robi nic takiego'),
}

/** Columns of the register, in their order; the letters are those of Art. 30(1). */
export const registerHeads = {
  processTitle: words('Process', 'Proces'),
  purposes: words('(b) Purpose', 'b) Cel'),
  text: words('What clients are told', 'Co mówi się klientom'),
  basis: words('Legal basis', 'Podstawa prawna'),
  controller: words('(a) Controller', 'a) Administrator'),
  officer: words('(a) Data protection officer', 'a) Inspektor ochrony danych'),
  people: words('(c) Data subjects', 'c) Osoby, których dane dotyczą'),
  data: words('(c) Categories of data', 'c) Kategorie danych'),
  special: words('(c) Special categories', 'c) Dane szczególne'),
  recipients: words('(d) Recipients', 'd) Odbiorcy'),
  thirdCountries: words('(e) Third countries', 'e) Państwa trzecie'),
  limits: words('(f) Time limits', 'f) Terminy'),
  security: words('(g) Security measures', 'g) Środki bezpieczeństwa'),
} as const satisfies Partial<Readonly<Record<keyof Activity, Words>>>
