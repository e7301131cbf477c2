import type { Language } from './language.ts'

/**
 * Reasons in Polish, for those whose page is: what the server keeps is one English sentence, whoever reads it. `$1` stands for
 * what it leaves open, itself a reason where it is one. A sentence that is not here is shown as it is.
 */
const polish: readonly (readonly [RegExp, string])[] = [
  [/^it is being read$/, 'jest właśnie odczytywana'],
  [
    /^It answers our letter (`[^`]*`), comes from an address of that client, and (.*)\.$/,
    'Odpowiada na nasz list $1, przyszła z adresu tego klienta, a $2.',
  ],
  [
    /^It answers our letter (`[^`]*`), but its sender is none of that client's addresses\.$/,
    'Odpowiada na nasz list $1, ale jej nadawca nie jest żadnym z adresów tego klienta.',
  ],
  [/^Its sender is not proved: (.*)\.$/, 'Nadawca nie jest potwierdzony: $1.'],
  [
    /^The reference to a letter is not one that we made: .*$/,
    'Odniesienie do listu nie pochodzi od nas: zostało zmienione lub zmyślone.',
  ],
  [/^It answers no letter of ours\.$/, 'Nie odpowiada na żaden nasz list.'],
  [/^It answers nothing: a new letter\.$/, 'Na nic nie odpowiada: nowy list.'],
  [/^It refers to a letter that is no longer here\.$/, 'Odnosi się do listu, którego już tu nie ma.'],
  [/^It must name exactly one sender, and does not\.$/, 'Musi mieć dokładnie jednego nadawcę, a nie ma.'],
  [/^It comes from our own mailbox\.$/, 'Pochodzi z naszej własnej skrzynki.'],
  [/^Whether its sender is true was not checked\.$/, 'Nie sprawdzono, czy nadawca jest prawdziwy.'],
  [/^It can't be read: (.*)\.$/, 'Nie można jej odczytać: $1.'],
  [/^A bounce: (.*)\.$/, 'Zwrot: $1.'],
  [/^An automatic answer: (.*)\.$/, 'Odpowiedź automatyczna: $1.'],
  [/^List mail: (.*)\.$/, 'Poczta masowa: $1.'],
  [/^Spam: (.*)\.$/, 'Spam: $1.'],
  [/^it changes nothing: (.*)$/, 'niczego nie zmienia: $1'],
  [/^our mail server finds that (.*)$/, 'nasz serwer poczty stwierdza, że $1'],
  [/^our mail server says nothing about where it comes from$/, 'nasz serwer poczty nic nie mówi o jej pochodzeniu'],
  [
    /^our mail server finds that the sender's domain does not vouch for it \(DMARC\)$/,
    'nasz serwer poczty stwierdza, że domena nadawcy za nią nie ręczy (DMARC)',
  ],
  [
    /^our mail server finds neither a signature \(DKIM\) nor a server \(SPF\) of the sender's domain$/,
    'nasz serwer poczty nie znajduje ani podpisu (DKIM), ani serwera (SPF) domeny nadawcy',
  ],
  [/^its signature \(DKIM\) is that of the sender's domain$/, 'jej podpis (DKIM) jest podpisem domeny nadawcy'],
  [/^it came from a server of the sender's domain \(SPF\)$/, 'przyszła z serwera domeny nadawcy (SPF)'],
  [/^the sender's domain vouches for it \(DMARC\)$/, 'domena nadawcy za nią ręczy (DMARC)'],
  [/^the sender's domain could not be looked up$/, 'nie udało się sprawdzić domeny nadawcy'],
  [
    /^it bears no signature \(DKIM\) of the sender's domain, nor came from a server of it \(SPF\)$/,
    'nie ma podpisu (DKIM) domeny nadawcy ani nie przyszła z jej serwera (SPF)',
  ],
  [
    /^its signature \(DKIM\) does not hold, and it came from no server of the sender's domain \(SPF\)$/,
    'jej podpis (DKIM) jest nieważny i nie przyszła z serwera domeny nadawcy (SPF)',
  ],
  [/^its header says that a machine sent it \((.*)\)$/, 'jej nagłówek mówi, że wysłał ją automat ($1)'],
  [/^its subject is that of an automatic answer$/, 'jej temat jest tematem odpowiedzi automatycznej'],
  [/^it is a receipt that a mail program sent$/, 'to potwierdzenie wysłane przez program pocztowy'],
  [/^a program that answers by itself sent it$/, 'wysłał ją program, który odpowiada sam'],
  [/^it has no return path, so no person sent it$/, 'nie ma adresu zwrotnego, więc nie wysłał jej człowiek'],
  [/^it holds a delivery report \((.*)\)$/, 'zawiera raport o doręczeniu ($1)'],
  [/^it is a report of a mail server \((.*)\)$/, 'to raport serwera poczty ($1)'],
  [/^a mail server says that a letter could not be delivered$/, 'serwer poczty mówi, że listu nie można było doręczyć'],
  [/^it was sent to many \((.*)\)$/, 'wysłano ją do wielu osób ($1)'],
  [/^the mail server marks it as spam$/, 'serwer poczty oznacza ją jako spam'],
  [/^there is no address to send it to$/, 'nie ma adresu, na który można go wysłać'],
  [/^there is no valid consent to (`[^`]*`)$/, 'nie ma ważnej zgody: $1'],
  [/^the client was erased before it went out$/, 'klienta usunięto, zanim list wyszedł'],
  [/^the client was erased$/, 'klienta usunięto'],
  [/^its text is no longer held$/, 'jego treści już nie ma'],
  [/^its template can not be filled in$/, 'nie można wypełnić jego szablonu'],
  [/^a file that goes with it is no longer held$/, 'pliku, który miał z nim wyjść, już nie ma'],
  [/^no mail server is set (.*)$/, 'nie ustawiono serwera poczty $1'],
  [/^the mail server answered: (.*)$/, 'serwer poczty odpowiedział: $1'],
  [/^the mail server can not be reached$/, 'serwer poczty jest nieosiągalny'],
  [/^the mail server did not answer in time$/, 'serwer poczty nie odpowiedział na czas'],
  [/^the connection to the mail server broke$/, 'połączenie z serwerem poczty zostało przerwane'],
  [
    /^the mail server does not accept our user name and password$/,
    'serwer poczty nie przyjmuje naszej nazwy użytkownika i hasła',
  ],
  [/^the address is no e-mail address$/, 'adres nie jest adresem e-mail'],
  [/^no address of the client is held here: .*$/, 'nie mamy tu adresu klienta: wpisz adres do tego listu'],
  [/^this is no e-mail address: .*$/, 'to nie jest adres e-mail: potrzebny jest taki jak nazwa@example.com'],
  [/^the letter has no subject: .*$/, 'list nie ma tematu: napisz, czego dotyczy'],
  [/^the letter has no words: .*$/, 'list nie ma treści: napisz ją'],
  [
    /^there is no valid consent to (`[^`]*`): the letter may go .*$/,
    'nie ma ważnej zgody ($1): list może wyjść, gdy klient jej udzieli',
  ],
  [
    /^this file is of no kind that a letter may carry: .*$/,
    'tego rodzaju pliku list nie może zawierać: wybierz PDF, obraz, DOCX, XLSX, ODT, ODS, ZIP lub zwykły tekst',
  ],
  [/^the file is larger than (\d+) MiB$/, 'plik jest większy niż $1 MiB'],
  [/^the files of a letter have more than (\d+) MiB together$/, 'pliki listu mają razem ponad $1 MiB'],
  [/^this case has no client whom a letter could be written to$/, 'ta sprawa nie ma klienta, do którego można napisać'],
  [/^the client of this case was erased: .*$/, 'klienta tej sprawy usunięto: nie można już do niego napisać'],
  [
    /^none of your roles may edit cases of (`[^`]*`): .*$/,
    'żadna z twoich ról nie może edytować spraw procesu $1: mówią o tym jego wiersze `access`',
  ],
  [/^this message has a place already: somebody was faster$/, 'ta wiadomość ma już swoje miejsce: ktoś był szybszy'],
]

export function reasonWords(because: string, language: Language): string {
  if (language !== 'pl') return because
  for (const [pattern, words] of polish) {
    const found = pattern.exec(because)
    if (found) return words.replace(/\$(\d)/g, (_, at) => reasonWords(found[Number(at)] ?? '', language))
  }
  return because
}
