import type { Language } from './language.ts'

/**
 * Reasons in Polish, for those whose page is: what the server keeps is one English sentence, whoever reads it. `$1` stands for
 * what it leaves open, itself a reason where it is one. A sentence that is not here is shown as it is.
 */
const polish: readonly (readonly [RegExp, string])[] = [
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
