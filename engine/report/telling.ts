import type { Language } from './language.ts'
import type { Report } from './report.ts'
import type { FieldSight, ViewerSight } from './visibility.ts'
import { said } from './words.ts'

/** What every written form of the report says in the same way. */

export function titlesOfProcesses(names: readonly string[], { processes, language }: Report): string {
  if (processes.length > 1 && names.length === processes.length) return said.everyProcess[language]
  return names.map((name) => processes.find((each) => each.name === name)?.title ?? name).join(', ')
}

/** The fields that a viewer sees at some stage, and the titles of those that they never see. */
export function seenFields({ fields }: ViewerSight): {
  readonly seen: readonly FieldSight[]
  readonly never: readonly string[]
} {
  const seen = seenAmong(fields, [...(fields[0]?.stages ?? []).keys()])
  return { seen, never: fields.filter((field) => !seen.includes(field)).map(({ title }) => title) }
}

/** Of these fields those that are seen at one of some stages, by their numbers. */
export function seenAmong(fields: readonly FieldSight[], stages: readonly number[]): readonly FieldSight[] {
  return fields.filter((field) => stages.some((index) => field.stages[index]?.sees !== 'nothing'))
}

/** What to know of a field beside its name: what kind of data it is, and the consents without which nobody sees it. */
export function fieldNotes({ personal, special, stages }: FieldSight, language: Language): readonly string[] {
  const consents = [...new Set(stages.flatMap((sight) => sight.consentTitles))]
  return [
    ...(special ? [said.special[language]] : personal ? [said.personal[language]] : []),
    ...(consents.length > 0 ? [`${said.onlyWith[language]} ${consents.join(` ${said.or[language]} `)}`] : []),
  ]
}
