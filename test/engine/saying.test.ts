import { describe, expect, it } from 'vitest'
import { normalSaying } from '../../engine/index.ts'
import { says } from '../../engine/saying.ts'

const agree = new Set(['i agree', 'zgadzam się'])
const no = new Set(['no', 'nie'])

describe('a phrase', () => {
  it('is the same whatever its case, spacing, width and outer punctuation', () => {
    for (const line of [
      'I agree',
      ' i  AGREE! ',
      '„I agree”',
      '**I agree**',
      'Ｉ ａｇｒｅｅ.',
      'I\u00a0agree',
      'I\u200b agree',
    ]) {
      expect(normalSaying(line)).toBe('i agree')
    }
    expect(normalSaying('ZGADZAM SIE\u0328')).toBe('zgadzam się')
    expect(normalSaying('I don’t agree')).toBe("i don't agree")
  })

  it('keeps its inner punctuation and other signs', () => {
    expect(normalSaying('yes, please')).toBe('yes, please')
    expect(normalSaying('I agree 😂')).not.toBe('i agree')
  })
})

describe('a client', () => {
  it('says a phrase by one whole line', () => {
    expect(says(['Hello', 'I agree', 'Anna'], agree, [no])).toBe(true)
    expect(says(['Zgadzam się.'], agree, [no])).toBe(true)
    expect(says(['I do not think I agree'], agree, [no])).toBe(false)
    expect(says(['I', 'agree'], agree, [no])).toBe(false)
    expect(says([], agree, [no])).toBe(false)
    expect(says(['!'], new Set(['']), [])).toBe(false)
  })

  it('who says what two rules wait for says neither', () => {
    expect(says(['I agree', 'no'], agree, [no])).toBe(false)
    expect(says(['no', 'I agree'], no, [agree])).toBe(false)
    expect(says(['I agree', 'zgadzam się'], agree, [no, new Set(['i agree'])])).toBe(true)
  })

  it('can write a line of any length', () => {
    expect(says([`${'!'.repeat(1_000_000)}a${'!'.repeat(1_000_000)}`], agree, [no])).toBe(false)
  })
})
