import type { Duration, Keep } from '../definition.ts'
import { durationInWords } from '../wording.ts'
import type { Language } from './language.ts'

/** How long data are kept, in a language. */
export function keepIn(keep: Keep, language: Language): string {
  const polish = language === 'pl'
  if ('until' in keep) return polish ? 'do zakończenia sprawy' : 'until the case ends'
  const time = durationIn(keep.for, language)
  if (keep.after === 'end') return polish ? `${time} po zakończeniu sprawy` : `${time} after the case ends`
  return polish ? `${time} od udzielenia zgody` : `${time} after the consent was given`
}

/** One; two to four; five and more, as Polish counts (12 to 14 with the many). */
const polish: Readonly<Record<Duration['unit'], readonly [string, string, string]>> = {
  minute: ['minuta', 'minuty', 'minut'],
  hour: ['godzina', 'godziny', 'godzin'],
  day: ['dzień', 'dni', 'dni'],
  week: ['tydzień', 'tygodnie', 'tygodni'],
  month: ['miesiąc', 'miesiące', 'miesięcy'],
  year: ['rok', 'lata', 'lat'],
}

export function durationIn(duration: Duration, language: Language): string {
  if (language === 'en') return durationInWords(duration)
  const { amount, unit, working } = duration
  const [one, few, many] = polish[unit]
  const isFew = amount % 10 >= 2 && amount % 10 <= 4 && (amount % 100 < 12 || amount % 100 > 14)
  const noun = amount === 1 ? one : isFew ? few : many
  return `${amount} ${noun}${working ? ' (robocze)' : ''}`
}
