/**
 * Why something that was to be done after a decision was not: each reason of ours once, in English and in Polish. It is kept and
 * answered by the API in English; pages find it here again and say it in the reader's language. `{…}` is filled in; what is
 * `{because}` is a reason itself.
 */
export const reasons = {
  letterNotSent: ['the letter `{letter}` was not sent: {because}', 'list `{letter}` nie został wysłany: {because}'],
  brokenTemplate: ['its template can not be filled in', 'nie da się wypełnić jego szablonu'],
  noMailServer: ['no mail server is set (ZGODA_SMTP_URL)', 'nie ustawiono serwera poczty (ZGODA_SMTP_URL)'],
  clientErased: ['the client was erased before it went out', 'dane klienta zostały usunięte, zanim doszło do wysłania'],
  textGone: ['its text is no longer held', 'jego treść nie jest już przechowywana'],
  callGone: ['what it was to say is no longer held', 'to, co miało zostać przekazane, nie jest już przechowywane'],
  noConsent: ['there is no valid consent to `{purpose}`', 'nie ma ważnej zgody na `{purpose}`'],
  waitsItsTurn: [
    'it waits its turn: no more than {rate} letters go to one mail domain in a minute (ZGODA_MAIL_RATE)',
    'czeka na swoją kolej: do jednej domeny wychodzi najwyżej {rate} listów na minutę (ZGODA_MAIL_RATE)',
  ],
  givenUp: ['{because}; given up after {tries} tries', '{because}; zaniechano po {tries} próbach'],
  ownMailbox: ['the client’s address is our own mailbox', 'adres klienta to nasza własna skrzynka'],
  cameBack: [
    'letters to this address have come back since {since}: the client’s card says so, and lets them go again',
    'listy na ten adres wracają od {since}: widać to na karcie klienta, gdzie można je znów dopuścić',
  ],
  cameBackWith: [
    'letters to this address have come back ({code}) since {since}: the client’s card says so, and lets them go again',
    'listy na ten adres wracają ({code}) od {since}: widać to na karcie klienta, gdzie można je znów dopuścić',
  ],
  tooManyLike: [
    '{count} letters like this have gone out in this case within an hour, as when two machines answer each other',
    'w tej sprawie wyszło w ciągu godziny {count} takich listów, jak wtedy, gdy odpowiadają sobie dwa automaty',
  ],
  fileGone: ['a file that goes with it is no longer held', 'plik, który ma z nim wyjść, nie jest już przechowywany'],
  bounced: ['it came back: {because}', 'wrócił: {because}'],
  bouncedWith: ['it came back: {because} ({code})', 'wrócił: {because} ({code})'],
  delayed: [
    'it has not arrived yet: {because}; it is still being tried',
    'jeszcze nie dotarł: {because}; próby trwają',
  ],
  delayedWith: [
    'it has not arrived yet: {because} ({code}); it is still being tried',
    'jeszcze nie dotarł: {because} ({code}); próby trwają',
  ],
  unwanted: ['its receiver reported it as unwanted', 'odbiorca zgłosił go jako niechciany'],
  addressUnknown: ['the address does not exist', 'adres nie istnieje'],
  mailboxMoved: ['the mailbox has moved', 'skrzynka została przeniesiona'],
  addressMute: ['the address takes no mail', 'adres nie przyjmuje poczty'],
  mailboxClosed: ['the mailbox is closed', 'skrzynka jest zamknięta'],
  mailboxFull: ['the mailbox is full', 'skrzynka jest pełna'],
  letterLarge: ['the letter is too large', 'list jest za duży'],
  serverUnknown: ['their mail server is not known', 'serwer poczty odbiorcy jest nieznany'],
  notInTime: ['it could not be delivered in time', 'nie udało się go doręczyć na czas'],
  addressWrong: ['something is wrong with the address', 'coś jest nie tak z adresem'],
  mailboxWrong: ['something is wrong with the mailbox', 'coś jest nie tak ze skrzynką'],
  serverWrong: ['their mail server does not work as it should', 'serwer poczty odbiorcy nie działa prawidłowo'],
  serverAway: ['their mail server can not be reached', 'serwer poczty odbiorcy jest nieosiągalny'],
  serverCant: ['their mail server can not read such letters', 'serwer poczty odbiorcy nie odczytuje takich listów'],
  serverRefuses: ['their mail server does not want the letter', 'serwer poczty odbiorcy nie chce przyjąć listu'],
  undeliverable: ['it could not be delivered', 'nie udało się go doręczyć'],
  namesHidden: [
    'it names `{field}`, for which there is no valid consent',
    'wymienia `{field}`, na co nie ma ważnej zgody',
  ],
  deciding: ['its client is deciding about their consents just now', 'jego klient właśnie decyduje o swoich zgodach'],
  noAddress: ['there is no address to send it to', 'nie ma adresu, na który można wysłać'],
  badAddress: ['the address is no e-mail address', 'adres nie jest adresem e-mail'],
  leftUndone: ['it failed, and a person decided to leave it', 'nie powiodło się i ktoś zdecydował to pominąć'],

  mailAnswered: ['the mail server answered: {answer}', 'serwer poczty odpowiedział: {answer}'],
  mailSignIn: [
    'the mail server does not accept our user name and password',
    'serwer poczty nie przyjmuje naszej nazwy użytkownika i hasła',
  ],
  mailAway: ['the mail server can not be reached', 'nie można połączyć się z serwerem poczty'],
  mailBroke: ['the connection to the mail server broke', 'połączenie z serwerem poczty zostało przerwane'],
  mailSilent: ['the mail server did not answer in time', 'serwer poczty nie odpowiedział na czas'],
  mailUnknown: ['the name of the mail server is not known', 'nazwa serwera poczty jest nieznana'],
  mailUnsafe: [
    'no safe connection to the mail server could be made',
    'nie udało się nawiązać bezpiecznego połączenia z serwerem poczty',
  ],

  callFailed: ['the webhook `{webhook}` {because}', 'webhook `{webhook}`: {because}'],
  caseGone: [
    'the case that calls `{webhook}` is not held any more',
    'sprawa, która wywołuje `{webhook}`, nie jest już przechowywana',
  ],
  webhookGone: ['the workspace has no webhook `{webhook}` any more', 'nie ma już webhooka `{webhook}`'],
  secretUnset: [
    'its secret is not set: the environment variable {name}',
    'nie ustawiono jego sekretu: zmiennej środowiskowej {name}',
  ],
  notTaken: ['the call was not taken', 'wywołanie nie zostało przyjęte'],
  redirected: [
    'answered {status}, a redirect: none is followed',
    'odpowiada {status}, czyli przekierowaniem: żadne nie jest uwzględniane',
  ],
  answered: ['answered {status}', 'odpowiada {status}'],
  noWebAddress: ['has an address that is no web address', 'ma adres, który nie jest adresem internetowym'],
  addressWithSecret: [
    'has an address with a user name or password in it: a `secret` is how it knows us',
    'ma w adresie nazwę użytkownika lub hasło: rozpoznaje nas po `secret`',
  ],
  plainHttp: [
    'is called over plain http: use https, or allow `{place}` in ZGODA_CALL_ALLOW',
    'jest wywoływany przez http bez szyfrowania: użyj https albo zezwól na `{place}` w ZGODA_CALL_ALLOW',
  ],
  inside: [
    'lies inside this network: allow `{place}` in ZGODA_CALL_ALLOW if that is meant',
    'leży w tej sieci: zezwól na `{place}` w ZGODA_CALL_ALLOW, jeśli tak ma być',
  ],
  silent: ['did not answer within {seconds} seconds', 'nie odpowiada w ciągu {seconds} s'],
  unreachable: ['can not be reached ({code})', 'jest nieosiągalny ({code})'],

  domainUnknown: [
    'the sender’s domain could not be looked up: the message waits',
    'nie udało się sprawdzić domeny nadawcy: wiadomość czeka',
  ],
  inARow: [
    'cases have started each other {times} times in a row though nobody did anything in between, which may never end: a person decides whether `{wanted}` starts all the same, and looks at what `{process}` starts by itself',
    'sprawy rozpoczęły się nawzajem {times} razy z rzędu, choć nikt nic w międzyczasie nie zrobił, i może to nie mieć końca: człowiek decyduje, czy `{wanted}` mimo to się rozpocznie, i sprawdza, co sama rozpoczyna `{process}`',
  ],
  tooMany: [
    'this case has started {times} others within a day, which may never end: a person decides whether `{wanted}` starts all the same, and looks at what `{process}` starts by itself',
    'ta sprawa rozpoczęła w ciągu doby {times} innych i może to nie mieć końca: człowiek decyduje, czy `{wanted}` mimo to się rozpocznie, i sprawdza, co sama rozpoczyna `{process}`',
  ],
  unforeseen: [
    'something went wrong here: the server’s log says what',
    'coś się tu nie powiodło: szczegóły są w dzienniku serwera',
  ],
} as const satisfies Record<string, readonly [en: string, pl: string]>

export type Reason = keyof typeof reasons

const place = /\{(\w+)\}/g

/** A reason in English, as it is kept. */
export function reasonOf(reason: Reason, parts: Readonly<Record<string, string | number>> = {}): string {
  return filled(reasons[reason][0], parts)
}

/** A reason that was kept, in this language; as it is where it is none of ours. */
export function reasonIn(language: string, because: string): string {
  if (language !== 'pl') return because
  for (const { form, names, polish } of forms) {
    const found = form.exec(because)
    if (!found) continue
    const parts = names.map((name, at): [string, string] => {
      const part = found[at + 1] ?? ''
      return [name, name === 'because' ? reasonIn(language, part) : part]
    })
    return filled(polish, Object.fromEntries(parts))
  }
  return because
}

function filled(text: string, parts: Readonly<Record<string, string | number>>): string {
  return text.replace(place, (_, name) => String(parts[name] ?? ''))
}

/** Each English text as it is found again. Those with more of their own words go first. */
const forms = Object.values(reasons)
  .toSorted(([one], [other]) => ownWords(other) - ownWords(one))
  .map(([english, polish]) => ({
    form: new RegExp(
      `^${english
        .split(place)
        .map((part, at) => (at % 2 === 0 ? literally(part) : '(.*)'))
        .join('')}$`,
      's',
    ),
    names: [...english.matchAll(place)].map(([, name = '']) => name),
    polish,
  }))

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function ownWords(text: string): number {
  return text.replace(place, '').length
}
