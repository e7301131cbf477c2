import { describe, expect, it } from 'vitest'
import { checks, readWorkspace } from '../../dsl/index.ts'

const read = (text: string, ending: 'zgoda' | 'yaml') => readWorkspace([{ name: `example.${ending}`, text }]).problems

describe('what a check says of itself', () => {
  const shown = checks.filter((check) => check.code !== 'Z105')

  it.each(shown)('$code finds its wrong example, in both notations', ({ code, wrong, wrongYaml }) => {
    expect(read(wrong, 'zgoda').map((problem) => problem.code)).toEqual([code])
    expect(read(wrongYaml, 'yaml').map((problem) => problem.code)).toEqual([code])
  })

  it.each(shown)('$code finds nothing in its right example, in both notations', ({ right, rightYaml }) => {
    expect(read(right, 'zgoda')).toEqual([])
    expect(read(rightYaml, 'yaml')).toEqual([])
  })

  it('has a code that no other check has', () => {
    expect(new Set(checks.map((check) => check.code)).size).toBe(checks.length)
  })
})
