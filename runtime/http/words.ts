import type { Language } from './language.ts'

/** The pages' own words, English and Polish side by side. `$1`, `$2` stand for what `say` fills in. */
const table = {
  skip: ['Skip to the content', 'Przejdź do treści'],
  otherLanguage: ['Polski', 'English'],
  youAreHere: ['You are here', 'Jesteś tutaj'],
  menu: ['Main menu', 'Menu główne'],
  boards: ['Boards', 'Tablice'],
  clients: ['Clients', 'Klienci'],
  sandbox: ['Letters', 'Listy'],
  signIn: ['Sign in', 'Zaloguj się'],
  signOut: ['Sign out', 'Wyloguj się'],
  login: ['Login', 'Login'],
  password: ['Password', 'Hasło'],
  signInLead: ['For the people who work here.', 'Dla osób, które tu pracują.'],
  areYouClient: ['Are you a client?', 'Jesteś klientem?'],
  toPortal: ['Go to your own pages', 'Przejdź do swoich stron'],
  close: ['Close', 'Zamknij'],
  back: ['Back', 'Wróć'],
  cancel: ['Cancel', 'Anuluj'],
  save: ['Save', 'Zapisz'],
  search: ['Search', 'Szukaj'],
  more: ['Show more', 'Pokaż więcej'],
  optional: ['optional', 'nieobowiązkowe'],
  required: ['required', 'wymagane'],
  yes: ['Yes', 'Tak'],
  no: ['No', 'Nie'],
  notSet: ['–', '–'],
  choose: ['Choose …', 'Wybierz …'],
  saved: ['Saved.', 'Zapisano.'],

  welcome: ['Good day, $1', 'Dzień dobry, $1'],
  noBoards: [
    'You have no rights on any process yet. Ask whoever looks after the workspace to give your role access.',
    'Nie masz jeszcze praw do żadnego procesu. Poproś opiekuna systemu o dostęp dla twojej roli.',
  ],
  notifications: ['Notifications', 'Powiadomienia'],
  unreadCount: ['Unread: $1', 'Nieprzeczytane: $1'],
  noNotifications: [
    'Nothing new. When a client writes or a rule asks for you, it appears here.',
    'Nic nowego. Gdy klient napisze lub reguła o ciebie poprosi, pojawi się to tutaj.',
  ],
  markRead: ['Mark as read', 'Oznacz jako przeczytane'],
  findClient: ['Find a client', 'Znajdź klienta'],
  findClientHint: ['Name, e-mail, phone or pseudonym', 'Imię i nazwisko, e-mail, telefon lub pseudonim'],
  newClient: ['New client', 'Nowy klient'],
  stagesCount: ['Stages: $1', 'Etapy: $1'],

  startCase: ['Start a case', 'Rozpocznij sprawę'],
  startCaseOf: ['Start a case: $1', 'Rozpocznij sprawę: $1'],
  forNewClient: ['For a new client', 'Dla nowego klienta'],
  forKnownClient: ['For a client we know', 'Dla znanego klienta'],
  anotherClient: ['Another client', 'Inny klient'],
  nothingRequired: [
    'Nothing here is required: a client without a name gets a pseudonym.',
    'Nic nie jest wymagane: klient bez nazwiska otrzyma pseudonim.',
  ],
  emptyColumn: ['No case here.', 'Brak spraw.'],
  emptyBoard: [
    'No case yet. Start the first one: it appears in the first column.',
    'Nie ma jeszcze spraw. Rozpocznij pierwszą: pojawi się w pierwszej kolumnie.',
  ],
  moveTo: ['Move to …', 'Przenieś do …'],
  moves: ['Moves', 'Przejścia'],
  movesRefused: ['Not possible now', 'Teraz niemożliwe'],
  noMoves: ['No person can move this case now.', 'Nikt nie może teraz przenieść tej sprawy.'],
  notMoved: ['The case was not moved', 'Sprawa nie została przeniesiona'],
  notDone: ['This was not done', 'Nie wykonano'],
  here: ['here for $1', 'tutaj od: $1'],
  justNow: ['just now', 'przed chwilą'],
  stage: ['Stage', 'Etap'],
  sinceWord: ['since', 'od'],
  since: ['since $1', 'od $1'],
  client: ['Client', 'Klient'],
  noClient: ['no client', 'bez klienta'],
  started: ['Started', 'Rozpoczęto'],
  assignee: ['Assigned to', 'Przypisano'],
  endedWell: ['ended well', 'zakończona pomyślnie'],
  ended: ['ended', 'zakończona'],
  versionOf: ['Process version $1', 'Wersja procesu $1'],

  fields: ['Fields', 'Pola'],
  noFields: ['This stage shows no field to you.', 'Ten etap nie pokazuje ci żadnego pola.'],
  personal: ['personal', 'dane osobowe'],
  eraseValues: ['Erase values …', 'Usuń wartości …'],
  eraseValuesTitle: ['Erase values of $1', 'Usuń wartości sprawy $1'],
  eraseValuesLead: [
    'What you tick is erased for good. It can not be brought back.',
    'To, co zaznaczysz, zostanie trwale usunięte. Nie da się tego przywrócić.',
  ],
  erase: ['Erase', 'Usuń'],
  letters: ['Letters', 'Listy'],
  noLetters: ['No letter yet.', 'Nie ma jeszcze listów.'],
  letterTo: ['To', 'Do'],
  letterFrom: ['From', 'Od'],
  subject: ['Subject', 'Temat'],
  attachments: ['Attached', 'Załączniki'],
  contentErased: ['The content has been erased.', 'Treść została usunięta.'],
  statusWaiting: ['waiting to be sent', 'czeka na wysłanie'],
  statusSent: ['sent', 'wysłany'],
  statusSkipped: ['not sent', 'niewysłany'],
  statusFailed: ['failed', 'błąd'],
  inbox: ['Inbox', 'Skrzynka'],
  inboxLead: [
    'What came to the company’s mailbox and answers no letter of a case. It is kept, and changes nothing.',
    'Wiadomości, które nie odpowiadają na żaden list w sprawie. Są przechowywane i niczego nie zmieniają.',
  ],
  inboxEmpty: ['Nothing has come in that does not belong to a case.', 'Nie ma wiadomości spoza spraw.'],
  messages: ['Messages from outside', 'Wiadomości z zewnątrz'],
  noMessages: ['No message has come in.', 'Nie przyszła żadna wiadomość.'],
  counted: ['counted', 'uznana'],
  notCounted: ['did not count', 'nieuznana'],
  consents: ['Consents', 'Zgody'],
  scheduled: ['Scheduled', 'Zaplanowane'],
  movesTo: ['moves to “$1”', 'przejście do „$1”'],
  valuesGo: ['values are erased', 'usunięcie wartości'],
  nothingScheduled: ['Nothing is due by itself.', 'Nic nie dzieje się samo.'],
  history: ['History', 'Historia'],
  earlier: ['Earlier entries', 'Wcześniejsze wpisy'],
  later: ['Later entries', 'Późniejsze wpisy'],
  byClient: ['the client', 'klient'],
  bySystem: ['the system', 'system'],

  basisConsent: ['consent', 'zgoda'],
  basisExplicit: ['explicit consent', 'wyraźna zgoda'],
  basisContract: ['contract', 'umowa'],
  basisLegal: ['legal obligation', 'obowiązek prawny'],
  basisVital: ['vital interests', 'żywotne interesy'],
  basisPublic: ['public task', 'zadanie publiczne'],
  basisLegitimate: ['legitimate interest', 'prawnie uzasadniony interes'],

  none: ['no answer yet', 'bez odpowiedzi'],
  given: ['given', 'wyrażona'],
  refused: ['refused', 'odmowa'],
  withdrawn: ['withdrawn', 'wycofana'],
  expired: ['expired', 'wygasła'],

  noClients: [
    'No client found. Check the spelling, or make a new client.',
    'Nie znaleziono klienta. Sprawdź pisownię lub utwórz nowego.',
  ],
  name: ['Name', 'Imię i nazwisko'],
  email: ['E-mail', 'E-mail'],
  phone: ['Phone', 'Telefon'],
  card: ['Card', 'Karta'],
  pseudonym: ['Pseudonym', 'Pseudonim'],
  since2: ['Client since $1', 'Klient od $1'],
  cases: ['Cases', 'Sprawy'],
  noCases: ['No case yet.', 'Nie ma jeszcze spraw.'],
  createClient: ['Create the client', 'Utwórz klienta'],
  recordDecision: ['Record what the client decided', 'Zapisz decyzję klienta'],
  recordLead: [
    "On the client's own word alone, given on paper or at the counter.",
    'Wyłącznie na słowo klienta, wyrażone na papierze lub przy okienku.',
  ],
  decision: ['Decision', 'Decyzja'],
  decisionGiven: ['gives the consent', 'wyraża zgodę'],
  decisionRefused: ['refuses', 'odmawia'],
  decisionWithdrawn: ['withdraws the consent', 'wycofuje zgodę'],
  howDecided: ['How did the client say so?', 'W jaki sposób klient to wyraził?'],
  howDecidedHint: ['For example: on paper, at the counter', 'Na przykład: na papierze, przy okienku'],
  record: ['Record', 'Zapisz'],
  statementTyped: ["The client's own words, as written", 'Własne słowa klienta, jak zapisane'],
  portalCode: ['Code for the portal', 'Kod do portalu'],
  portalCodeLead: [
    'For a client without e-mail: print the code and hand it over. It opens the portal once.',
    'Dla klienta bez e-maila: wydrukuj kod i przekaż go. Otwiera portal jeden raz.',
  ],
  makeCode: ['Make a code', 'Utwórz kod'],
  codeIs: [
    'The code is below. It is shown this once: note it now.',
    'Kod jest poniżej. Wyświetla się tylko raz: zanotuj go teraz.',
  ],
  validUntil: ['Good until $1', 'Ważny do $1'],
  eraseClient: ['Erase this client …', 'Usuń tego klienta …'],
  eraseClientTitle: ['Erase $1 for good?', 'Trwale usunąć: $1?'],
  eraseClientLead: [
    'This can not be undone. For good and at once go:',
    'Tego nie można cofnąć. Trwale i natychmiast znikają:',
  ],
  eraseCard: ['the card: name, e-mail and phone', 'karta: imię i nazwisko, e-mail i telefon'],
  eraseFields: ['personal values in every case (cases: $1)', 'dane osobowe we wszystkich sprawach (spraw: $1)'],
  eraseLetters: ['letters, messages and files', 'listy, wiadomości i pliki'],
  eraseSearch: ['all traces in search', 'wszystkie ślady w wyszukiwarce'],
  eraseStays: [
    'What stays is a proof that holds no personal data: that a client was erased, when, and by whom.',
    'Zostaje dowód bez danych osobowych: że klienta usunięto, kiedy i kto to zrobił.',
  ],
  eraseNow: ['Erase for good', 'Usuń trwale'],
  erasedTitle: ['The client has been erased', 'Klient został usunięty'],
  proof: ['Proof', 'Dowód'],

  portal: ['My pages', 'Moje strony'],
  myConsents: ['My consents', 'Moje zgody'],
  myConsentsLead: [
    'You decide what we may use your data for. You can change your mind at any time, without giving a reason.',
    'To ty decydujesz, do czego możemy używać twoich danych. Możesz zmienić zdanie w każdej chwili, bez podania przyczyny.',
  ],
  noConsents: ['There is nothing for which we ask your consent.', 'Nie prosimy cię o żadną zgodę.'],
  withoutConsent: ['We also use your data for', 'Używamy twoich danych także w celu'],
  onBasis: ['Legal ground: $1', 'Podstawa prawna: $1'],
  withdraw: ['Withdraw', 'Wycofaj'],
  give: ['Give', 'Wyraź zgodę'],
  refuse: ['Refuse', 'Odmów'],
  withdrawTitle: ['Withdraw this consent?', 'Wycofać tę zgodę?'],
  withdrawLead: [
    'We stop using these data at once and erase what we hold for this purpose alone. What was done before stays lawful.',
    'Natychmiast przestajemy używać tych danych i usuwamy to, co mamy tylko w tym celu. To, co zrobiono wcześniej, pozostaje zgodne z prawem.',
  ],
  withdrawNow: ['Withdraw my consent', 'Wycofuję zgodę'],
  giveTitle: ['Give this consent?', 'Wyrazić tę zgodę?'],
  giveNow: ['I give my consent', 'Wyrażam zgodę'],
  myCases: ['My cases', 'Moje sprawy'],
  noOwnCases: ['You have no case with us.', 'Nie masz u nas żadnej sprawy.'],
  forms: ['Forms and requests', 'Formularze i wnioski'],
  sendRequest: ['Send a request', 'Wyślij wniosek'],
  send: ['Send', 'Wyślij'],
  requestLead: ['We get your request at once.', 'Otrzymamy twój wniosek od razu.'],
  whatYouToldUs: ['What you told us', 'Co nam podałeś'],
  portalSignIn: ['Open your pages', 'Otwórz swoje strony'],
  portalSignInLead: [
    'Use the link in any of our letters, or the code we gave you on paper. There is no account and no password.',
    'Użyj odnośnika z dowolnego naszego listu albo kodu, który otrzymałeś na papierze. Nie ma konta ani hasła.',
  ],
  code: ['Code', 'Kod'],
  open: ['Open', 'Otwórz'],

  whoAsks: ['Who asks for your data', 'Kto prosi o twoje dane'],
  whatFor: ['What for, and for how long', 'W jakim celu i jak długo'],
  address: ['Address', 'Adres'],
  contact: ['Contact', 'Kontakt'],
  officer: ['Data protection officer', 'Inspektor ochrony danych'],
  kept: ['Kept: $1', 'Przechowujemy: $1'],
  keptUntilEnd: ['until the case ends', 'do końca sprawy'],
  keptAfterEnd: ['$1 after the case ends', '$1 po zakończeniu sprawy'],
  keptAfterGiven: ['$1 after you gave consent', '$1 od wyrażenia zgody'],
  recipients: ['Passed on to: $1', 'Przekazujemy: $1'],
  noRecipients: ['Passed on to nobody.', 'Nikomu nie przekazujemy.'],
  rightToWithdraw: [
    'You can withdraw any consent at any time on your own pages, in two clicks. You may also ask to see, correct, move or erase your data, and complain to the data protection authority.',
    'Każdą zgodę możesz wycofać w dowolnej chwili na swoich stronach, dwoma kliknięciami. Możesz też zażądać wglądu w dane, ich poprawienia, przeniesienia lub usunięcia oraz złożyć skargę do organu nadzorczego.',
  ],
  questions: ['Your answers', 'Twoje odpowiedzi'],
  mayWe: ['May we?', 'Czy możemy?'],
  iSayYes: ['Yes, I consent', 'Tak, zgadzam się'],
  iSayNo: ['No', 'Nie'],
  typeToConsent: ['To consent, type: $1', 'Aby wyrazić zgodę, wpisz: $1'],
  statementMissing: ['Type exactly: $1', 'Wpisz dokładnie: $1'],
  answerMissing: ['Please answer this question.', 'Odpowiedz na to pytanie.'],
  decisionMissing: ['Please choose Yes or No.', 'Wybierz Tak albo Nie.'],
  valueWrong: ['This answer does not fit: $1.', 'Ta odpowiedź nie pasuje: $1.'],
  valueWrongShort: ['This answer does not fit. Please check it.', 'Ta odpowiedź nie pasuje. Sprawdź ją.'],
  errorsTitle: ['Some answers need another look', 'Niektóre odpowiedzi wymagają poprawy'],
  thanksTitle: ['Thank you', 'Dziękujemy'],
  thanksLead: ['We have your answers. Your case is $1.', 'Mamy twoje odpowiedzi. Twoja sprawa to $1.'],
  thanksNext: [
    'On your own pages you can follow it, and change or withdraw your consents.',
    'Na swoich stronach możesz ją śledzić oraz zmieniać lub wycofywać zgody.',
  ],

  errorNotFound: ['There is nothing here', 'Niczego tu nie ma'],
  errorNotFoundHelp: [
    'The address is wrong, it has been erased, or you may not see it.',
    'Adres jest błędny, treść usunięto albo nie możesz jej zobaczyć.',
  ],
  errorForged: ['Please repeat it on our own page', 'Powtórz to na naszej stronie'],
  errorUnavailable: ['Not available just now', 'Chwilowo niedostępne'],
  errorUnavailableHelp: [
    'A part of the server is away. Nothing was half done. Try again in a few seconds.',
    'Część serwera jest niedostępna. Nic nie zostało wykonane w połowie. Spróbuj ponownie za kilka sekund.',
  ],
  errorFailure: ['Something went wrong on our side', 'Coś poszło nie tak po naszej stronie'],
  errorFailureHelp: ['It is in the log. Try again later.', 'Jest to w dzienniku. Spróbuj później.'],
  errorTries: ['Too many tries', 'Zbyt wiele prób'],
  errorLink: ['This link opens nothing any more', 'Ten odnośnik już nic nie otwiera'],
  errorLinkHelp: [
    'Use the link in your newest letter, or ask us for a code on paper.',
    'Użyj odnośnika z najnowszego listu lub poproś nas o kod na papierze.',
  ],
  errorRefused: ['This was not done', 'Nie wykonano'],
  wrongCredentials: [
    'This login and password do not belong together. Check both.',
    'Ten login i hasło nie pasują do siebie. Sprawdź oba.',
  ],
  wrongCode: [
    'This code is not right, was used before, or is too old.',
    'Ten kod jest błędny, był już użyty albo jest za stary.',
  ],
  toStart: ['To the first page', 'Na pierwszą stronę'],
} as const satisfies Record<string, readonly [string, string]>

export type Word = keyof typeof table
export type Words = Readonly<Record<Word, string>>

const english = column(0)
const polish = column(1)

export function wordsOf(language: Language): Words {
  return language === 'pl' ? polish : english
}

/** A sentence of the table with what it leaves open filled in. */
export function say(sentence: string, ...parts: readonly (string | number)[]): string {
  return sentence.replace(/\$(\d)/g, (_, position) => String(parts[Number(position) - 1] ?? ''))
}

function column(at: 0 | 1): Words {
  const entries = Object.entries(table) as [Word, readonly [string, string]][]
  return Object.fromEntries(entries.map(([word, pair]) => [word, pair[at]])) as Record<Word, string>
}

const basisWord: Readonly<Record<string, Word>> = {
  consent: 'basisConsent',
  'explicit consent': 'basisExplicit',
  contract: 'basisContract',
  'legal obligation': 'basisLegal',
  'vital interests': 'basisVital',
  'public task': 'basisPublic',
  'legitimate interest': 'basisLegitimate',
}

/** A purpose's legal ground in the page's language. */
export function basisWords(basis: string, words: Words): string {
  const word = basisWord[basis]
  return word ? words[word] : basis
}
