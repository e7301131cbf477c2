import type { Value } from './case.ts'
import type { FieldType, Text } from './definition.ts'

/** The words in `language`, else in English, else in whichever language there is. */
export function inLanguage(text: Text, language: string): string {
  return text[language] ?? text.en ?? Object.values(text)[0] ?? ''
}

/** A value as people read it: money with two decimals, yes and no in words, lists with commas; '' where it is missing. */
export function formatValue(value: Value | null | undefined, type: FieldType, language = 'en'): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.join(', ')
  switch (type.kind) {
    case 'money':
      return Number(value).toFixed(2)
    case 'yes/no':
      return value ? (language === 'pl' ? 'tak' : 'yes') : language === 'pl' ? 'nie' : 'no'
    case 'date and time':
      return `${String(value).slice(0, 16).replace('T', ' ')} UTC`
    default:
      return String(value)
  }
}
