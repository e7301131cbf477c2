import type { Keep, Text } from '../../engine/definition.ts'
import { inLanguage } from '../../engine/text.ts'

const untilEnd: Text = { en: 'until the case ends', pl: 'do końca sprawy' }
const afterEnd: Text = { en: '$1 after the case ends', pl: '$1 po zakończeniu sprawy' }
const afterGiven: Text = { en: '$1 after you gave consent', pl: '$1 od wyrażenia zgody' }

/** How long data are kept, as a client is told before they give them: `2 years after you gave consent`. */
export function keptInWords(keep: Keep, language: string): string {
  if ('until' in keep) return inLanguage(untilEnd, language)
  const { amount, unit } = keep.for
  const time = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
  return inLanguage(keep.after === 'end' ? afterEnd : afterGiven, language).replace('$1', time)
}
