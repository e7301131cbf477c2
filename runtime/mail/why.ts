/** Why a message is what it is: a sentence by its code, and what fills it in. Holds nobody's data. */
export interface Why {
  readonly code: WhyCode
  /** The name of a letter or of a header field, a word of that field. */
  readonly name?: string
  /** The clause inside another: why a sender is not proved. */
  readonly of?: Why
}

export type WhyCode = keyof typeof sentences

/** In English and Polish. `$1` is the name, `$2` the clause inside. */
const sentences = {
  // The verdict.
  counts: [
    'It answers our letter `$1`, comes from an address of that client, and $2.',
    'To odpowiedź na nasz list `$1` z adresu tego klienta, a $2.',
  ],
  byHand: [
    'A person counted it as the client’s own answer to our letter `$1`, and said why.',
    'Pracownik uznał ją za własną odpowiedź klienta na nasz list `$1` i podał powód.',
  ],
  changesNothing: ['it changes nothing: $1', 'niczego nie zmienia: $1'],
  erased: ['the client was erased', 'dane klienta zostały usunięte'],
  malformed: ["It can't be read: $1.", 'Nie da się jej odczytać: $1.'],
  bounce: ['A bounce: $2.', 'Zwrot poczty: $2.'],
  'auto-reply': ['An automatic answer: $2.', 'Odpowiedź automatyczna: $2.'],
  list: ['List mail: $2.', 'Poczta rozsyłana do wielu: $2.'],
  spam: ['Spam: $2.', 'Spam: $2.'],
  forged: [
    'The reference to a letter is not one that we made: it was changed or made up.',
    'Odwołanie do listu nie pochodzi od nas: zostało zmienione albo wymyślone.',
  ],
  noLetter: ['It answers no letter of ours.', 'Nie jest odpowiedzią na żaden nasz list.'],
  newLetter: ['It answers nothing: a new letter.', 'Na nic nie odpowiada: to nowy list.'],
  letterGone: ['It refers to a letter that is no longer here.', 'Odwołuje się do listu, którego już tu nie ma.'],
  ownCopy: ['It is a letter of our own that came back.', 'To nasz własny list, który wrócił.'],
  sendersNotOne: ['It must name exactly one sender, and does not.', 'Musi mieć dokładnie jednego nadawcę, a nie ma.'],
  ownMailbox: ['It comes from our own mailbox.', 'Pochodzi z naszej własnej skrzynki.'],
  resent: [
    'Somebody passed it on (`Resent-From`): that it was written for us is not shown.',
    'Ktoś ją przekazał dalej (`Resent-From`): nie wiadomo, czy była pisana do nas.',
  ],
  onBehalf: [
    'Somebody else sent it in the client’s name (`Sender`): that they may is for a person to say.',
    'Wysłał ją kto inny w imieniu klienta (`Sender`): czy mógł, musi ocenić człowiek.',
  ],
  passedOn: [
    'It is a letter that was passed on, not an answer: its subject says so.',
    'To wiadomość przekazana dalej, a nie odpowiedź: mówi o tym jej temat.',
  ],
  stranger: [
    "It answers our letter `$1`, but its sender is none of that client's addresses.",
    'Odpowiada na nasz list `$1`, ale jej nadawca nie jest żadnym z adresów tego klienta.',
  ],
  lookalike: [
    "It answers our letter `$1`, but its sender only looks like one of that client's addresses: other letters stand in it.",
    'Odpowiada na nasz list `$1`, ale jej nadawca tylko przypomina adres tego klienta: są w nim inne znaki.',
  ],
  tooMany: [
    'More than $1 answers of this client to this case have counted within an hour: it looks like two machines that answer each other.',
    'W ciągu godziny uznano już w tej sprawie ponad $1 odpowiedzi tego klienta: wygląda to na dwa automaty, które sobie odpowiadają.',
  ],
  notChecked: ['Whether its sender is true was not checked.', 'Nie sprawdzono, czy nadawca jest prawdziwy.'],
  notProved: ['Its sender is not proved: $2.', 'Nadawca nie jest potwierdzony: $2.'],
  sealedWords: [
    'Its words are enciphered or sealed so that they can not be read here: it is kept whole.',
    'Jej treść jest zaszyfrowana lub zapieczętowana i nie da się jej tu odczytać: jest przechowywana w całości.',
  ],

  // Checks that held.
  readable: ['it can be read', 'da się ją odczytać'],
  noMachine: ['nothing shows that a machine sent it', 'nic nie wskazuje, że wysłał ją automat'],
  macHolds: [
    'it answers our letter `$1`, whose mark holds',
    'odpowiada na nasz list `$1`, a znak tego listu się zgadza',
  ],
  clientsAddress: ['its one sender is an address of that client', 'jej jedynym nadawcą jest adres tego klienta'],
  wordsFound: ['lines of its own: $1', 'własne wiersze: $1'],
  noWords: ['it has no words of its own', 'nie zawiera własnych słów'],

  // Who sent it.
  notOneSender: ['it does not name exactly one sender', 'nie podaje dokładnie jednego nadawcy'],
  dnsAway: ["the sender's domain could not be looked up", 'nie udało się sprawdzić domeny nadawcy'],
  dkim: ["its signature (DKIM) is that of the sender's domain", 'jej podpis (DKIM) należy do domeny nadawcy'],
  spf: ["it came from a server of the sender's domain (SPF)", 'przyszła z serwera domeny nadawcy (SPF)'],
  dmarc: ["the sender's domain vouches for it (DMARC)", 'domena nadawcy za nią ręczy (DMARC)'],
  arc: [
    "a server that we trust passed it on and had proved the sender's domain (ARC, `$1`)",
    'przekazał ją serwer, któremu ufamy, i potwierdził domenę nadawcy (ARC, `$1`)',
  ],
  serverFinds: ['our mail server finds that $2', 'nasz serwer poczty stwierdza, że $2'],
  serverSilent: [
    'our mail server says nothing about where it comes from',
    'nasz serwer poczty nie mówi, skąd przyszła',
  ],
  serverDmarcFails: [
    "our mail server finds that the sender's domain does not vouch for it (DMARC)",
    'nasz serwer poczty stwierdza, że domena nadawcy za nią nie ręczy (DMARC)',
  ],
  serverFindsNone: [
    "our mail server finds neither a signature (DKIM) nor a server (SPF) of the sender's domain",
    'nasz serwer poczty nie stwierdza ani podpisu (DKIM), ani serwera (SPF) domeny nadawcy',
  ],
  unsigned: [
    "it bears no signature (DKIM) of the sender's domain, nor came from a server of it (SPF)",
    'nie ma podpisu (DKIM) domeny nadawcy ani nie przyszła z jej serwera (SPF)',
  ],
  otherSignature: [
    "its signature (DKIM) is that of another domain, and it came from no server of the sender's domain (SPF)",
    'jej podpis (DKIM) należy do innej domeny, a nie przyszła z serwera domeny nadawcy (SPF)',
  ],
  brokenSignature: [
    "its signature (DKIM) does not hold, and it came from no server of the sender's domain (SPF)",
    'jej podpis (DKIM) się nie zgadza, a nie przyszła z serwera domeny nadawcy (SPF)',
  ],
  alteredBody: [
    'its text is not the one that was signed (DKIM): it was changed on the way',
    'jej treść nie jest tą, którą podpisano (DKIM): zmieniono ją po drodze',
  ],
  strictPolicy: [
    "the sender's domain asks for its very own name in the proof (DMARC `$1`), and another stands there",
    'domena nadawcy żąda w dowodzie dokładnie swojej nazwy (DMARC `$1`), a jest tam inna',
  ],

  // Signs of a machine.
  deliveryReport: ['it holds a delivery report (RFC 3464, 5965)', 'zawiera raport doręczenia (RFC 3464, 5965)'],
  serverReport: [
    'it is a report of a mail server (`multipart/report`)',
    'to raport serwera poczty (`multipart/report`)',
  ],
  undelivered: [
    'a mail server says that a letter could not be delivered',
    'serwer poczty mówi, że listu nie dało się doręczyć',
  ],
  listRefused: ['a list server refused a letter', 'serwer listy odrzucił list'],
  silentServer: ['a mail server sent it, without words', 'wysłał ją serwer poczty, bez treści'],
  autoSubmitted: [
    'its header says that a machine sent it (`Auto-Submitted: $1`)',
    'jej nagłówek mówi, że wysłał ją automat (`Auto-Submitted: $1`)',
  ],
  receipt: ['it is a receipt that a mail program sent', 'to potwierdzenie wysłane przez program pocztowy'],
  autoPrecedence: [
    'its header says so (`Precedence: auto_reply`)',
    'mówi o tym jej nagłówek (`Precedence: auto_reply`)',
  ],
  autoField: ['its header says that a machine sent it (`$1`)', 'jej nagłówek mówi, że wysłał ją automat (`$1`)'],
  autoProgram: ['a program that answers by itself sent it', 'wysłał ją program, który sam odpowiada'],
  autoSubject: ['its subject is that of an automatic answer', 'jej temat jest tematem odpowiedzi automatycznej'],
  autoWords: ['it says of itself that it is automatic', 'sama mówi o sobie, że jest automatyczna'],
  calendar: ['it is the answer of a calendar (iTIP)', 'to odpowiedź kalendarza (iTIP)'],
  challenge: [
    'it asks us to confirm our letter before it is delivered',
    'prosi, byśmy potwierdzili nasz list, zanim zostanie doręczony',
  ],
  ticket: ['it is the confirmation of a help desk', 'to potwierdzenie systemu zgłoszeń'],
  nobodySends: [
    'its sender is an address that takes no answers',
    'jej nadawcą jest adres, który nie przyjmuje odpowiedzi',
  ],
  noReturnPath: [
    'it has no return path, so no person sent it',
    'nie ma adresu zwrotnego, więc nie wysłał jej człowiek',
  ],
  suppress: [
    'its header says that a machine sent it (`X-Auto-Response-Suppress`)',
    'jej nagłówek mówi, że wysłał ją automat (`X-Auto-Response-Suppress`)',
  ],
  listField: ['it was sent to many (`$1`)', 'wysłano ją do wielu (`$1`)'],
  listPrecedence: [
    'its header says that it went to many (`Precedence: $1`)',
    'jej nagłówek mówi, że poszła do wielu (`Precedence: $1`)',
  ],
  newsletter: [
    'it says of itself that it goes to many: it can be unsubscribed from',
    'sama mówi, że idzie do wielu: można się z niej wypisać',
  ],
  spamFlag: ['the mail server marks it as spam', 'serwer poczty oznacza ją jako spam'],
} as const satisfies Readonly<Record<string, readonly [english: string, polish: string]>>

/** The sentence or clause, in English where the language is not Polish. */
export function whyInWords({ code, name = '', of }: Why, language: string): string {
  const inner = of ? whyInWords(of, language) : ''
  const [english, polish] = sentences[code]
  return (language === 'pl' ? polish : english).replace(/\$[12]/g, (place) => (place === '$1' ? name : inner))
}

/** In every language there is. */
export function whyInAll(why: Why): Readonly<Record<string, string>> {
  return { en: whyInWords(why, 'en'), pl: whyInWords(why, 'pl') }
}

/** A look at one thing that must hold before a message counts. */
export interface Check {
  readonly check: 'form' | 'machine' | 'letter' | 'sender' | 'proof' | 'words'
  readonly result: 'holds' | 'fails' | 'not made'
  readonly why?: Why
}

/** What was made of a message and by which checks, as it is kept beside it. */
export interface Reasoning {
  readonly why: Why
  readonly checks: readonly Check[]
  /** The letter of its case that it answers, by its number there; none where it named none of ours. */
  readonly letter?: number
}
