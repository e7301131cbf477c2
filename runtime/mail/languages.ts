import type { Definition } from '../../engine/definition.ts'

/** The languages that what stands around a letter's own words is there in. */
export const letterLanguages = ['en', 'pl'] as const
export type LetterLanguage = (typeof letterLanguages)[number]

/** The language of those who have chosen none: English, unless the workspace writes no letter in it. */
export function workspaceLanguage({ letters }: Pick<Definition, 'letters'>): LetterLanguage {
  const bodies = Object.values(letters).map(({ body }) => body)
  const written = (language: string) => bodies.some((body) => body[language] !== undefined)
  return letterLanguages.find(written) ?? 'en'
}
