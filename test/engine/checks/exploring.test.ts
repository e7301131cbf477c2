import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/index.ts'
import { check, proofs } from '../../../engine/index.ts'
import { exploringChecks } from '../../../engine/verify/index.ts'

const found = (text: string, ending: 'zgoda' | 'yaml') => {
  const { definition } = readWorkspace([{ name: `example.${ending}`, text }])
  return definition ? check(definition) : undefined
}

describe('what an exploring check says of itself', () => {
  it.each(exploringChecks)('$code finds its wrong example, in both notations', ({ code, wrong, wrongYaml }) => {
    expect(found(wrong, 'zgoda')?.map((each) => each.check.code)).toEqual([code])
    expect(found(wrongYaml, 'yaml')?.map((each) => each.check.code)).toEqual([code])
  })

  it.each(exploringChecks)('$code finds nothing in its right example, in both notations', ({ right, rightYaml }) => {
    expect(found(right, 'zgoda')).toEqual([])
    expect(found(rightYaml, 'yaml')).toEqual([])
  })

  it('has a code that no other has', () => {
    expect(new Set(proofs.map(({ code }) => code)).size).toBe(proofs.length)
  })
})

describe('the path of a finding', () => {
  it.each(
    exploringChecks.filter(({ code }) => ['Z302', 'Z303', 'Z304', 'Z308', 'Z402', 'Z403', 'Z407'].includes(code)),
  )('of $code is told in steps, from the start of the case', ({ wrong }) => {
    const [first] = found(wrong, 'zgoda') ?? []
    expect(first?.path?.length).toBeGreaterThan(0)
    expect(first?.path?.[0]).toMatch(/^the case starts/)
  })
})

describe('cases that start each other for ever', () => {
  const ring = (more: string) => `process one "One" {
  stage new "New" { on enter { start two } move to done }
  final stage done "Done"
}
process two "Two" {
  stage new "New" { on enter { ${more} } move to done }
  final stage done "Done"
}`
  const codes = (text: string) => found(text, 'zgoda')?.map(({ check, at }) => `${check.code} ${at.line}`)

  it('are told once, with the way round', () => {
    const [first, ...more] = found(ring('start one'), 'zgoda') ?? []
    expect(more).toEqual([])
    expect(first).toMatchObject({ check: { code: 'Z304' }, process: 'one', at: { line: 2 } })
    expect(first?.path).toEqual([
      'a case of `one` begins, and starts one of `two`',
      'a case of `two` begins, and starts one of `one`',
      expect.stringMatching(/^and so on without end: /),
    ])
  })

  it('are told of a process that starts itself, and not of the one that starts it', () => {
    expect(codes(ring('start two'))).toEqual(['Z304 6'])
  })

  it('are not told where a condition may end them, or where nothing comes round', () => {
    expect(codes(ring('start one when today > 2030-01-01'))).toEqual([])
    expect(codes(ring('notify everyone "Hello"'))).toEqual([])
  })
})

describe('a process too large to be followed in full', () => {
  const names = Array.from({ length: 21 }, (_, index) => `f${index}`)
  const large = `process large "Large" {
${names.map((name) => `  field ${name} "F" yes/no`).join('\n')}
  stage new "New" {
    edit ${names.join(', ')}
    when ${names.join(' and ')} go to done
    move to done
  }
  final stage done "Done"
}`

  it('is said to be so, as a warning and not as a proof', () => {
    const [first, ...more] = found(large, 'zgoda') ?? []
    expect(more).toEqual([])
    expect(first).toMatchObject({ unproved: true, check: { code: 'Z303' } })
    expect(first?.message).toContain('Z303, Z304, Z403 and Z418 are not proved of it')
  })
})
