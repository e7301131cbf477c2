import type { Duration, Keep } from '../../engine/definition.ts'

/** How long data are kept, as a client reads it: `2 years after you gave your consent`. */
export function keepInWords(keep: Keep, language: string): string {
  const polish = language === 'pl'
  if ('until' in keep) return polish ? 'do zakończenia sprawy' : 'until the case ends'
  const length = polish ? inPolish(keep.for) : inEnglish(keep.for)
  if (keep.after === 'end') return polish ? `${length} po zakończeniu sprawy` : `${length} after the case ends`
  return polish ? `${length} od udzielenia zgody` : `${length} after you gave your consent`
}

function inEnglish({ amount, unit, working }: Duration): string {
  return `${amount} ${working ? 'working ' : ''}${unit}${amount === 1 ? '' : 's'}`
}

/** One; two to four; five and more, as Polish counts (12 to 14 with the many). */
const polishUnits: Record<Duration['unit'], readonly [string, string, string]> = {
  minute: ['minuta', 'minuty', 'minut'],
  hour: ['godzina', 'godziny', 'godzin'],
  day: ['dzień', 'dni', 'dni'],
  week: ['tydzień', 'tygodnie', 'tygodni'],
  month: ['miesiąc', 'miesiące', 'miesięcy'],
  year: ['rok', 'lata', 'lat'],
}

function inPolish({ amount, unit, working }: Duration): string {
  const [one, few, many] = polishUnits[unit]
  const tens = amount % 100
  const ones = amount % 10
  const fewer = ones >= 2 && ones <= 4 && (tens < 12 || tens > 14)
  const noun = amount === 1 ? one : fewer ? few : many
  if (!working) return `${amount} ${noun}`
  const feminine = unit === 'minute' || unit === 'hour'
  return `${amount} ${amount === 1 ? (feminine ? 'robocza' : 'roboczy') : fewer ? 'robocze' : 'roboczych'} ${noun}`
}
