import type { Text } from '../definition.ts'

/** The languages a report can be in: its own words are in both, the workspace's as far as it has them. */
export const languages = ['en', 'pl'] as const
export type Language = (typeof languages)[number]

/** Words of ours, in every language of the report. */
export type Words = Readonly<Record<Language, string>> & Text

export function words(en: string, pl: string): Words {
  return { en, pl }
}

/** `one, two and three`. */
export function listed(parts: readonly string[], language: Language): string {
  const last = parts.at(-1) ?? ''
  const and = language === 'pl' ? ' i ' : ' and '
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')}${and}${last}`
}

/** A title that the author wrote, set apart. */
export function quoted(title: string, language: Language): string {
  return language === 'pl' ? `„${title}”` : `“${title}”`
}

/** Places in the GDPR as they are cited in a language: `Art. 5(1)(c)`, `art. 5 ust. 1 lit. c`. Definitions (Art. 4) have points. */
export function citedIn(law: string, language: Language): string {
  if (language === 'en') return law
  return law
    .replace(/\b4\((\d+)\)/g, '4 pkt $1')
    .replace(/\((\d+)\)/g, ' ust. $1')
    .replace(/\(([a-z])\)/g, ' lit. $1')
    .replaceAll('Art.', 'art.')
    .replaceAll('Rec.', 'motyw')
}
