import { describe, expect, it } from 'vitest'
import { Registry } from '../../../runtime/metrics/registry.ts'
import { figure, readExposition } from '../../exposition.ts'

describe('figures in the text format', () => {
  it('are read as they were counted, whatever a label holds', () => {
    const registry = new Registry()
    const counter = registry.counter('zgoda_things_total', 'Things,\nby \\ name.', ['name', 'kind'])
    const odd = ['plain', 'a "quoted" one', 'back\\slash', 'two\nlines', '{a="b"} 1', 'żółć', '']
    for (const [times, name] of odd.entries()) for (let n = 0; n <= times; n++) counter.add(name, 'k')
    const [family] = readExposition(registry.text())
    expect(family?.samples.map(({ labels, value }) => [labels.name, value])).toEqual(
      odd.map((name, times) => [name, times + 1]),
    )
    expect(family?.help).toBe('Things,\\nby \\\\ name.')
  })

  it('show a counter and a gauge without labels as 0 before anything happens', () => {
    const registry = new Registry()
    registry.counter('a_total', 'A.')
    registry.gauge('b', 'B.')
    expect(readExposition(registry.text()).flatMap(({ samples }) => samples.map(({ value }) => value))).toEqual([0, 0])
  })

  it('count in a histogram all that is no larger than a bound, and all at the end', () => {
    const registry = new Registry()
    const sizes = registry.histogram('sizes', 'Sizes.', [1, 2.5, 10], ['of'])
    for (const size of [0.5, 1, 2, 2.5, 11]) sizes.observe(size, 'x')
    const [family] = readExposition(registry.text())
    const buckets = family?.samples.filter(({ name }) => name === 'sizes_bucket')
    expect(buckets?.map(({ labels, value }) => [labels.of, labels.le, value])).toEqual([
      ['x', '1', 2],
      ['x', '2.5', 4],
      ['x', '10', 4],
      ['x', '+Inf', 5],
    ])
    expect(figure(registry.text(), 'sizes_sum')).toBe(17)
    expect(figure(registry.text(), 'sizes_count')).toBe(5)
  })

  it('do not grow without end where a label is ever another', () => {
    const registry = new Registry()
    const counter = registry.counter('a_total', 'A.', ['id'])
    const times = registry.histogram('b', 'B.', [1], ['id'])
    for (let n = 0; n < 5_000; n++) {
      counter.add(String(n))
      times.observe(n, String(n))
    }
    counter.add('0')
    expect(figure(registry.text(), 'a_total', { id: '0' })).toBe(2)
    for (const { samples } of readExposition(registry.text())) expect(samples.length).toBeLessThanOrEqual(8_000)
  })

  it('have one name each', () => {
    const registry = new Registry()
    registry.gauge('a', 'A.')
    expect(() => registry.counter('a', 'A.')).toThrow(/taken/)
    expect(() => registry.counter('a-b', 'A.')).toThrow(/no name/)
  })
})
