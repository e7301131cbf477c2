import { readWorkspace } from '../../../dsl/index.ts'
import { readingFindings } from '../../../engine/checks/reading.ts'
import type { Definition } from '../../../engine/definition.ts'

export type Notation = 'zgoda' | 'yaml'

/** The definition of a workspace of one file; throws where the file has a problem by itself. */
export function definitionOf(text: string, notation: Notation = 'zgoda'): Definition {
  const { definition, problems } = readWorkspace([{ name: `example.${notation}`, text }])
  if (!definition || problems.length > 0)
    throw new Error(problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return definition
}

/** What the reading checks find, as their codes. */
export function codesIn(text: string, notation: Notation = 'zgoda'): readonly string[] {
  return readingFindings(definitionOf(text, notation)).map(({ check }) => check.code)
}

/** Where one check finds something: the text from there to the end of the line. */
export function placesOf(code: string, text: string): readonly string[] {
  return of(code, text).map(
    ({ at }) =>
      text
        .split('\n')
        [at.line - 1]?.slice(at.column - 1)
        .trim() ?? '',
  )
}

/** What one check says. */
export function saidBy(code: string, text: string): readonly string[] {
  return of(code, text).map(({ message }) => (typeof message === 'string' ? message : message.text))
}

function of(code: string, text: string) {
  return readingFindings(definitionOf(text)).filter(({ check }) => check.code === code)
}
