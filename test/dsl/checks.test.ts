import { describe, expect, it } from 'vitest'
import { checks, readWorkspace } from '../../dsl/index.ts'

const read = (text: string) => readWorkspace([{ name: 'example.zgoda', text }]).problems

describe('what a check says of itself', () => {
  const shown = checks.filter((check) => check.code !== 'Z105')

  it.each(shown)('$code finds its wrong example', ({ code, wrong }) => {
    expect(read(wrong).map((problem) => problem.code)).toEqual([code])
  })

  it.each(shown)('$code finds nothing in its right example', ({ right }) => {
    expect(read(right)).toEqual([])
  })

  it('has a code that no other check has', () => {
    expect(new Set(checks.map((check) => check.code)).size).toBe(checks.length)
  })
})
