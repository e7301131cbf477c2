import { describe, expect, it } from 'vitest'
import { type FieldType, isBlank, parseValue } from '../../engine/index.ts'

type Case = readonly [FieldType['kind'], readonly (readonly [unknown, unknown])[], readonly unknown[]]

const cases: readonly Case[] = [
  [
    'text',
    [
      ['a', 'a'],
      [12, '12'],
    ],
    [true, {}, ['a'], 'x'.repeat(10_001), 'a\0b', '\ud800'],
  ],
  [
    'number',
    [
      ['12', 12],
      ['-1.5', -1.5],
      ['1,5', 1.5],
      [0.1, 0.1],
      [-0, 0],
    ],
    ['1e3', 'ten', '0x1', Number.NaN, Infinity, '', true, 1e15, '1 000'],
  ],
  [
    'money',
    [
      ['12.50', 12.5],
      [3, 3],
      ['0,99', 0.99],
    ],
    ['12.345', 0.001, 'free', '12 zł'],
  ],
  [
    'date',
    [
      ['2026-05-25', '2026-05-25'],
      [' 2028-02-29 ', '2028-02-29'],
    ],
    ['2026-02-29', '25.05.2026', '2026-5-1', 20260525, '2026-13-01'],
  ],
  [
    'date and time',
    [
      ['2026-05-25T14:30:00+02:00', '2026-05-25T12:30:00.000Z'],
      ['2026-05-25T14:30', '2026-05-25T14:30:00.000Z'],
    ],
    ['2026-05-25', '2026-02-30T10:00', '2026-05-25T25:00Z', 'now'],
  ],
  [
    'yes/no',
    [
      [true, true],
      ['no', false],
      ['Yes', true],
    ],
    ['maybe', 1, 'true'],
  ],
  [
    'email',
    [
      ['anna@client.example', 'anna@client.example'],
      [' żółć@poczta.pl ', 'żółć@poczta.pl'],
    ],
    ['anna', 'a@b@c', 'a b@c.example', 'a@b.example\nBcc: x@y', 'Anna <a@b.example>', `${'a'.repeat(65)}@b.example`],
  ],
  [
    'client phone',
    [
      ['+48 22 000 00 00', '+48 22 000 00 00'],
      ['(022) 1-2-3', '(022) 1-2-3'],
    ],
    ['call me', '12', '+48<script>'],
  ],
  [
    'link',
    [['https://example.org/a', 'https://example.org/a']],
    ['javascript:alert(1)', 'example.org', 'file:///etc/passwd'],
  ],
]

describe('raw input', () => {
  for (const [kind, good, bad] of cases) {
    const type = { kind } as FieldType
    it(`is read as ${kind} where it fits`, () => {
      for (const [raw, value] of good) expect(parseValue(type, raw)).toEqual({ value })
    })

    it(`is refused as ${kind} where it does not, and is not repeated`, () => {
      for (const raw of bad) expect(parseValue(type, raw)).toEqual({ problem: expect.any(String) })
      const problem = parseValue(type, { secret: 'lilies' })
      expect(JSON.stringify(problem)).not.toContain('lilies')
    })
  }

  it('chooses among the options only, in their order', () => {
    const options = ['roses', 'tulips', 'wild flowers']
    expect(parseValue({ kind: 'choice', options }, 'tulips')).toEqual({ value: 'tulips' })
    expect(parseValue({ kind: 'choice', options }, 'weeds')).toEqual({
      problem: 'must be one of roses, tulips, wild flowers',
    })
    expect(parseValue({ kind: 'many', options }, ['tulips', 'roses', 'roses'])).toEqual({ value: ['roses', 'tulips'] })
    expect(parseValue({ kind: 'many', options }, 'roses')).toEqual({ value: ['roses'] })
    expect(parseValue({ kind: 'many', options }, ['roses', 1])).toHaveProperty('problem')
  })

  it('is blank where nothing was answered', () => {
    for (const raw of [null, undefined, '', '  ', []]) expect(isBlank(raw)).toBe(true)
    for (const raw of [0, false, 'x', ['x']]) expect(isBlank(raw)).toBe(false)
  })
})
