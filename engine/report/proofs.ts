import { type Words, words } from './language.ts'

/**
 * What it means, in a sentence, that a check has found nothing. Every check of data protection is here.
 * What the checks are and where they come from in the law: `zgoda explain CODE`.
 */
export const proofs: Readonly<Record<string, Words>> = {
  Z401: words(
    'every e-mail address and telephone number is collected for a purpose that is named',
    'każdy adres e-mail i numer telefonu zbiera się w nazwanym celu',
  ),
  Z402: words(
    'no letter, document, call or condition uses data whose consent may be missing, and no stage shows them where it can’t have been given',
    'żaden list, dokument, wywołanie ani warunek nie używa danych, na które może nie być zgody, i żaden etap nie pokazuje ich tam, gdzie nie mogło jej być',
  ),
  Z403: words(
    'whichever extras are refused or withdrawn, and whenever, a successful end stays in reach',
    'jakichkolwiek dodatków klient odmówi i kiedykolwiek wycofa zgodę, pomyślne zakończenie jest nadal możliwe',
  ),
  Z404: words(
    'no consent comes from silence: not from a default, a timer, entering a stage or a move by staff',
    'milczenie nie jest zgodą: nie daje jej wartość domyślna, upływ czasu, wejście w etap ani ruch pracownika',
  ),
  Z405: words(
    'a reply counts as consent only by the agreed words',
    'odpowiedź jest zgodą tylko wtedy, gdy zawiera uzgodnione słowa',
  ),
  Z406: words(
    'special data rest on an explicit consent or another ground of Art. 9, and only the client’s own statement records it',
    'dane szczególne opierają się na wyraźnej zgodzie lub innej podstawie z art. 9, a zapisuje ją tylko własne oświadczenie klienta',
  ),
  Z407: words(
    'on every way to an end each personal field is erased, or its purpose sets a time limit',
    'na każdej drodze do końca każde pole osobowe jest usuwane albo jego cel wyznacza termin',
  ),
  Z408: words(
    'the client can withdraw: in the portal, or by the link in a letter',
    'klient może wycofać zgodę: w portalu albo przez odnośnik w liście',
  ),
  Z409: words('every personal field is used for something', 'każde pole osobowe do czegoś służy'),
  Z410: words(
    'what is sent for one purpose uses no data collected for another alone',
    'to, co wysyła się w jednym celu, nie używa danych zebranych tylko w innym',
  ),
  Z411: words(
    'data leave only for recipients that their purpose names',
    'dane trafiają tylko do odbiorców, których wymienia ich cel',
  ),
  Z412: words('the controller is declared', 'podano administratora danych'),
  Z413: words('every purpose has a text for the client', 'każdy cel ma tekst dla klienta'),
  Z414: words(
    'each purpose’s text reads easily: short sentences, common words, no legal language',
    'tekst każdego celu czyta się łatwo: krótkie zdania, zwykłe słowa, bez języka prawniczego',
  ),
  Z415: words('one answer is consent to one purpose', 'jedna odpowiedź jest zgodą na jeden cel'),
  Z416: words('no consent is asked of employees', 'od pracowników nie żąda się zgody'),
  Z417: words(
    'which roles see its cases is declared, and nobody else does',
    'podano, które role widzą sprawy, i nikt inny ich nie widzi',
  ),
  Z418: words(
    'a client without any address or number reaches a successful end too',
    'klient bez żadnego adresu i numeru też dochodzi do pomyślnego końca',
  ),
}
