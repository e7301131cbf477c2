import {
  bases,
  consentStatuses,
  declarations,
  expressionWords,
  keywords,
  optionTypes,
  plainTypes,
  statementKeywords,
  units,
} from '../dsl/vocabulary.ts'

/** What begins a declaration or the declaration of a part of a process. */
export const declaring: readonly string[] = [...Object.keys(declarations), 'field', 'stage']

/** What begins any other statement. */
export const stating: readonly string[] = [...new Set<string>([...statementKeywords, 'final'])].filter(
  (word) => !declaring.includes(word),
)

const ofProperties = new Set<string>(Object.values(declarations).flatMap(({ properties }) => Object.keys(properties)))

/** What joins words within a statement. Words that only begin a property are left out: elsewhere they are names. */
export const joining: readonly string[] = [
  ...new Set<string>([...keywords.filter((word) => !ofProperties.has(word)), 'for', 'clients', 'starts', 'fills']),
].filter((word) => !(word in declarations) && !['yes', 'no', 'today', 'now'].includes(word))

/** What stands for a value. */
export const constants: readonly string[] = [
  ...Object.keys(expressionWords).filter((word) => ['yes', 'no', 'today', 'now'].includes(word)),
  ...consentStatuses,
]

/** Types of fields and inputs, the longest first. */
export const types: readonly string[] = longestFirst([...plainTypes, ...optionTypes])

export const grounds: readonly string[] = longestFirst(bases)

export const timeUnits: readonly string[] = longestFirst(Object.keys(units))

function longestFirst(words: readonly string[]): string[] {
  return words.toSorted((a, b) => b.length - a.length)
}
