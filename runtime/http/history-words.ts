import type { Language } from './language.ts'

/** What a line of a case's history is called on a page. */
const table: Readonly<Record<string, readonly [string, string]>> = {
  started: ['Started', 'Rozpoczęto'],
  move: ['Moved', 'Przeniesiono'],
  fill: ['Filled in', 'Wypełniono'],
  reply: ["The client's reply", 'Odpowiedź klienta'],
  form: ['Form sent in', 'Przesłano formularz'],
  consent: ['Consent', 'Zgoda'],
  signal: ['Signal from outside', 'Sygnał z zewnątrz'],
  timer: ['Time was up', 'Upłynął czas'],
  when: ['A condition came true', 'Warunek spełniony'],
  'cases done': ['Its cases have ended', 'Sprawy zależne zakończone'],
  'needs consent': ['A needed consent is gone', 'Brak potrzebnej zgody'],
  letter: ['Letter', 'List'],
  'letter skipped': ['Letter not sent', 'List niewysłany'],
  'letter by hand': ['Letter by hand', 'List napisany ręcznie'],
  'message by hand': ['Message put here', 'Przypisano wiadomość'],
  notify: ['People notified', 'Powiadomiono'],
  set: ['Set by a rule', 'Ustawione regułą'],
  erase: ['Erased', 'Usunięto'],
  'erase client': ['Client erased', 'Usunięto klienta'],
  assign: ['Assigned', 'Przypisano'],
  start: ['Started another case', 'Rozpoczęto inną sprawę'],
  write: ['Document written', 'Utworzono dokument'],
  call: ['Called another system', 'Wywołano inny system'],
  ended: ['Ended', 'Zakończono'],
  migrated: ['Goes on by a new version', 'Biegnie dalej w nowej wersji'],
}

export function historyWord(type: string, language: Language): string {
  return table[type]?.[language === 'pl' ? 1 : 0] ?? type
}
