import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../dsl/workspace.ts'
import type { Definition } from '../../engine/definition.ts'
import { lapse, lastLimit } from '../../engine/retention.ts'

const { definition } = readWorkspace([
  {
    name: 'shop.zgoda',
    text: `
purpose delivery "Delivery" { basis contract text "We bring it." keep 90 days after end }
purpose care "Care" { basis explicit consent text "We look after you." keep until end }
purpose offers "Offers" { basis consent text "We write to you." keep 2 years after given }
purpose books "Books" { basis legal obligation text "The law wants it." }
`,
  },
]) as { definition: Definition }

const open = { endedAt: undefined, given: {} }
const ended = { endedAt: '2026-01-10T12:00:00.000Z', given: {} }
const held = (...purposes: string[]) => [{ field: 'address', purposes }]

describe('what a case holds, under the limits of its purposes', () => {
  it('stays while the case is open and its limits count from the end', () => {
    expect(lapse(definition, held('delivery', 'care'), open, '2030-01-01T00:00:00.000Z')).toEqual({
      erase: [],
      narrow: [],
      next: undefined,
    })
  })

  it('goes so long after the end as the purpose says, and not a moment before', () => {
    const before = lapse(definition, held('delivery'), ended, '2026-04-10T11:59:59.000Z')
    expect(before).toEqual({ erase: [], narrow: [], next: '2026-04-10T12:00:00.000Z' })
    const then = lapse(definition, held('delivery'), ended, '2026-04-10T12:00:00.000Z')
    expect(then).toEqual({ erase: ['address'], narrow: [], next: undefined })
  })

  it('goes at the end where it is kept until the end', () => {
    const given = { ...ended, given: { care: '2026-01-01T00:00:00.000Z' } }
    expect(lapse(definition, held('care'), given, '2026-01-10T12:00:00.000Z').erase).toEqual(['address'])
  })

  it('is held for fewer purposes as they run out, and goes with the last', () => {
    const given = { ...ended, given: { offers: '2025-06-01T00:00:00.000Z' } }
    expect(lapse(definition, held('delivery', 'offers'), given, '2026-05-01T00:00:00.000Z')).toEqual({
      erase: [],
      narrow: [{ field: 'address', purposes: ['offers'] }],
      next: '2027-06-01T00:00:00.000Z',
    })
    expect(lapse(definition, held('offers'), given, '2027-06-01T00:00:00.000Z').erase).toEqual(['address'])
  })

  it('counts from the consent though the case is open', () => {
    const given = { endedAt: undefined, given: { offers: '2025-06-01T00:00:00.000Z' } }
    expect(lapse(definition, held('offers'), given, '2027-06-02T00:00:00.000Z').erase).toEqual(['address'])
  })

  it('is not held by a consent that nobody gave, once the case has ended', () => {
    expect(lapse(definition, held('offers'), ended, '2026-01-10T12:00:00.000Z').erase).toEqual(['address'])
    expect(lapse(definition, held('offers'), open, '2026-01-10T12:00:00.000Z').erase).toEqual([])
  })

  it('stays for good where one of its purposes has no limit', () => {
    const found = lapse(definition, held('books', 'delivery'), ended, '2036-01-01T00:00:00.000Z')
    expect(found).toEqual({ erase: [], narrow: [{ field: 'address', purposes: ['books'] }], next: undefined })
    expect(lastLimit(definition, ['books', 'delivery'], ended)).toBeUndefined()
    expect(lastLimit(definition, ['care', 'delivery'], ended)).toBe('2026-04-10T12:00:00.000Z')
  })

  it('goes where it is held for nothing', () => {
    expect(lapse(definition, held(), open, '2026-01-01T00:00:00.000Z').erase).toEqual(['address'])
  })
})
