import type { ConsentStatus, Decided, Duration } from '../definition.ts'
import { durationInWords } from '../wording.ts'

/** What pictures say beside what the author wrote. */
export interface Phrases {
  readonly and: string
  readonly or: string
  readonly if: string
  readonly staff: string
  readonly atOnce: string
  readonly casesDone: string
  readonly reply: string
  readonly guarded: string
  readonly anywhere: string
  readonly required: string
  readonly statuses: Readonly<Record<ConsentStatus, string>>
  replyTo(letter: string): string
  fills(form: string): string
  decides(decision: Decided, purpose: string): string
  signal(name: string): string
  after(delay: Duration): string
  at(time: string): string
  when(condition: string): string
  movedBy(who: string): string
  consentIs(purpose: string, statuses: string): string
  oneOf(what: string, options: string): string
  needs(purpose: string): string
  lacks(purpose: string): string
  recorded(purpose: string, decision: 'given' | 'refused'): string
  free(who: string, but: string): string
}

const english: Phrases = {
  and: 'and',
  or: 'or',
  if: 'if',
  staff: 'staff',
  atOnce: 'at once',
  casesDone: 'when all cases it started have ended',
  reply: 'client replies',
  guarded: 'no person may move a case in',
  anywhere: 'At any stage before the end',
  required: 'to be filled in',
  statuses: { none: 'none', given: 'given', refused: 'refused', withdrawn: 'withdrawn', expired: 'expired' },
  replyTo: (letter) => `client replies to ${letter}`,
  fills: (form) => `client fills in ${form}`,
  decides: (decision, purpose) =>
    `client ${{ given: 'gives', refused: 'refuses', withdrawn: 'withdraws' }[decision]} consent to ${purpose}`,
  signal: (name) => `signal ${name} comes in`,
  after: (delay) => `after ${durationInWords(delay)}`,
  at: (time) => `at ${time}`,
  when: (condition) => `when ${condition}`,
  movedBy: (who) => `moved by ${who}`,
  consentIs: (purpose, statuses) => `consent to ${purpose} is ${statuses}`,
  oneOf: (what, options) => `${what} is ${options}`,
  needs: (purpose) => `needs consent to ${purpose}`,
  lacks: (purpose) => `without consent to ${purpose}`,
  recorded: (purpose, decision) => `consent to ${purpose} ${decision}`,
  free: (who, but) => `${who} may move a case to any stage${but && ` but ${but}`}`,
}

const polishUnits: Readonly<Record<Duration['unit'], string>> = {
  minute: 'min',
  hour: 'godz.',
  day: 'dni',
  week: 'tyg.',
  month: 'mies.',
  year: 'lat(a)',
}

const polishStatuses: Phrases['statuses'] = {
  none: 'nieudzielona',
  given: 'udzielona',
  refused: 'odmówiona',
  withdrawn: 'wycofana',
  expired: 'wygasła',
}

const polish: Phrases = {
  and: 'i',
  or: 'lub',
  if: 'jeśli',
  staff: 'pracownicy',
  atOnce: 'od razu',
  casesDone: 'gdy skończą się wszystkie sprawy, które rozpoczęła',
  reply: 'klient odpowiada',
  guarded: 'nikt nie może przenieść tu sprawy',
  anywhere: 'Na każdym etapie przed końcem',
  required: 'do wypełnienia',
  statuses: polishStatuses,
  replyTo: (letter) => `klient odpowiada na ${letter}`,
  fills: (form) => `klient wypełnia ${form}`,
  decides: (decision, purpose) =>
    `klient ${{ given: 'wyraża zgodę', refused: 'odmawia zgody', withdrawn: 'wycofuje zgodę' }[decision]}: ${purpose}`,
  signal: (name) => `przychodzi sygnał ${name}`,
  after: ({ amount, unit, working }) =>
    `gdy minie ${amount} ${amount === 1 && unit === 'day' ? 'dzień' : polishUnits[unit]}${working ? ' (robocze)' : ''}`,
  at: (time) => `w czasie ${time}`,
  when: (condition) => `gdy ${condition}`,
  movedBy: (who) => `przenosi ${who}`,
  consentIs: (purpose, statuses) => `zgoda ${purpose} jest ${statuses}`,
  oneOf: (what, options) => `${what} to ${options}`,
  needs: (purpose) => `wymaga zgody: ${purpose}`,
  lacks: (purpose) => `bez zgody: ${purpose}`,
  recorded: (purpose, decision) => `zgoda ${purpose}: ${polishStatuses[decision]}`,
  free: (who, but) => `${who}: wolno przenieść sprawę na każdy etap${but && ` prócz ${but}`}`,
}

/** The phrases in Polish for `pl`, else in English. */
export function phrasesIn(language: string): Phrases {
  return language === 'pl' ? polish : english
}
