import { describe, expect, it } from 'vitest'
import { loadFolder, readWorkspace } from '../../../dsl/index.ts'
import { readingChecks, readingFindings } from '../../../engine/checks/reading.ts'
import { codesIn, definitionOf, type Notation } from './found.ts'

describe('what a check that reads a definition says of itself', () => {
  it.each(readingChecks)('$code finds its wrong example, in both notations', ({ code, wrong, wrongYaml }) => {
    expect(codesIn(wrong)).toEqual([code])
    expect(codesIn(wrongYaml, 'yaml')).toEqual([code])
  })

  it.each(readingChecks)('$code finds nothing in its right example, in both notations', ({ right, rightYaml }) => {
    expect(codesIn(right)).toEqual([])
    expect(codesIn(rightYaml, 'yaml')).toEqual([])
  })

  it.each(readingChecks)('$code shows the same in both notations', ({ wrong, wrongYaml, right, rightYaml }) => {
    expect(withoutPlaces(wrongYaml, 'yaml')).toEqual(withoutPlaces(wrong, 'zgoda'))
    expect(withoutPlaces(rightYaml, 'yaml')).toEqual(withoutPlaces(right, 'zgoda'))
  })

  it('has a code that no other has', () => {
    expect(new Set(readingChecks.map(({ code }) => code)).size).toBe(readingChecks.length)
  })

  it.each(readingChecks)('$code begins what it says in lower case, and says what to do', ({ wrong }) => {
    for (const finding of readingFindings(definitionOf(wrong))) {
      for (const words of wordsOf(finding.message)) expect(words).toMatch(/^[`a-z]/)
      expect(finding.hint).toBeDefined()
    }
  })
})

function withoutPlaces(text: string, notation: Notation): unknown {
  return JSON.parse(JSON.stringify(definitionOf(text, notation), (key, value) => (key === 'at' ? undefined : value)))
}

function wordsOf(words: string | Readonly<Record<string, string>>): readonly string[] {
  return typeof words === 'string' ? [words] : Object.values(words)
}

describe('the workspaces that everybody begins with', () => {
  it.each(['examples/florist/text', 'examples/florist/yaml', 'examples/clinic', 'definitions/starter'])(
    'find nothing in %s',
    async (folder) => {
      const { files } = await loadFolder(folder)
      const { definition } = readWorkspace(files)
      expect(definition && readingFindings(definition)).toEqual([])
    },
  )
})
