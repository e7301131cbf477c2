import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollector } from '../../../runtime/spans/collector.ts'
import { Exporter } from '../../../runtime/spans/exporter.ts'
import { otlpBody } from '../../../runtime/spans/otlp.ts'
import { createSpans } from '../../../runtime/spans/recorder.ts'
import { type Sampling, samplerOf, samplers } from '../../../runtime/spans/sampler.ts'
import { noSpans, type Spans } from '../../../runtime/spans/spans.ts'
import { inTrace, newTrace, placeFrom } from '../../../runtime/trace.ts'
import { eventually } from '../../eventually.ts'
import { startCollector, type TestCollector } from './collector.ts'

describe('spans on their way to the collector', () => {
  let collector: TestCollector
  let counts: Record<string, number>
  let logged: string[]
  let exporter: Exporter
  let spans: Spans

  beforeEach(async () => {
    collector = await startCollector()
    start(collector.url)
  })
  afterEach(async () => {
    await exporter.stop(0)
    await collector.stop()
  })

  function start(url: string, delay = 5): void {
    counts = {}
    logged = []
    const write = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }))
    exporter = new Exporter({
      collector: createCollector({ url, headers: { 'api-key': 'hidden' } }),
      log: { info: write, warn: write, error: write, debug: write },
      delay,
      body: (ended) => otlpBody({}, { name: 'test', version: '1' }, ended),
      settled: (outcome, count) => {
        counts[outcome] = (counts[outcome] ?? 0) + count
      },
    })
    spans = createSpans(
      () => true,
      (ended) => exporter.keep(ended),
    )
  }

  function leave(count: number): void {
    for (let at = 0; at < count; at += 1) spans.open(`span ${at}`).end()
  }

  const sent = (count: number) => eventually(`${count} spans to be sent`, async () => counts.sent === count)

  it('go together, in requests of no more than 512', async () => {
    leave(1_200)
    await sent(1_200)
    expect(collector.spans().map(({ name }) => name)).toEqual(Array.from({ length: 1_200 }, (_, at) => `span ${at}`))
    expect(collector.bodies.length).toBe(3)
  })

  it.each([503, 429])('go again after %s, when the collector wants them, and none is lost', async (code) => {
    const asked: number[] = []
    collector.next((response) => {
      asked.push(performance.now())
      response.writeHead(code, { 'retry-after': '1' }).end()
    })
    leave(3)
    await sent(3)
    expect(performance.now() - (asked[0] ?? 0)).toBeGreaterThan(900)
    expect(logged.join()).toMatch(/is away.*answers again/)
  })

  it('that the collector does not take are counted, and hold up no others', async () => {
    collector.next((response) => response.writeHead(400).end('hidden'))
    leave(2)
    await eventually('the refusal', async () => counts.refused === 2)
    collector.next((response) => response.writeHead(200).end('{"partialSuccess":{"rejectedSpans":"1"}}'))
    leave(3)
    await sent(2)
    expect(counts).toEqual({ refused: 3, sent: 2 })
    expect(logged.join()).not.toContain('hidden')
  })

  it('wait in bounded number while nobody answers; those too many are dropped and counted', async () => {
    await collector.stop()
    leave(2_500)
    expect(counts).toEqual({ dropped: 452 })
    await eventually('a word in the log', async () => logged.length > 0)
    expect(logged).toEqual([expect.stringMatching(/can not be reached \(ECONNREFUSED\).*spans wait/)])
    const again = await startCollector(Number(new URL(collector.url).port))
    await sent(2_048)
    expect(again.spans().length).toBe(2_048)
    await again.stop()
  })

  it('are sent at the stop without waiting for their time', async () => {
    start(collector.url, 600_000)
    leave(700)
    await exporter.stop(5_000)
    expect(counts).toEqual({ sent: 700 })
    leave(1)
    expect(counts).toEqual({ sent: 700, dropped: 1 })
  })

  it('do not hold up a stop where the collector hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    start(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/traces`)
    leave(600)
    const before = performance.now()
    await exporter.stop(50)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(counts).toEqual({ dropped: 600 })
    silent.closeAllConnections()
    silent.close()
  })
})

describe('a sampler', () => {
  const kept = (sampler: Sampling['sampler'], ratio = 1, parent?: boolean) => {
    const sampled = samplerOf({ sampler, ratio })
    const trace = newTrace()
    return sampled(trace, parent === undefined ? undefined : { trace, span: 'a'.repeat(16), sampled: parent })
  }

  it.each([
    ['always_on', [true, true, true]],
    ['always_off', [false, false, false]],
    ['traceidratio', [true, true, true]],
    ['parentbased_always_on', [true, true, false]],
    ['parentbased_always_off', [false, true, false]],
    ['parentbased_traceidratio', [true, true, false]],
  ] as const)('%s asks the parent where it should: alone, watched, unwatched %j', (sampler, expected) => {
    expect([undefined, true, false].map((parent) => kept(sampler, 1, parent))).toEqual(expected)
    expect(samplers).toContain(sampler)
  })

  it('keeps a share of the traces, the same on every server', () => {
    const traces = Array.from({ length: 4_000 }, newTrace)
    const [one, other] = [0, 1].map(() => samplerOf({ sampler: 'traceidratio', ratio: 0.25 }))
    const chosen = traces.filter((trace) => one?.(trace, undefined))
    expect(traces.filter((trace) => other?.(trace, undefined))).toEqual(chosen)
    expect(chosen.length).toBeGreaterThan(800)
    expect(chosen.length).toBeLessThan(1_200)
    expect(traces.some((trace) => samplerOf({ sampler: 'traceidratio', ratio: 0 })(trace, undefined))).toBe(false)
  })
})

describe('a span', () => {
  it('belongs to the place it is opened at, and hands on its own', () => {
    const ended: string[] = []
    const spans = createSpans(
      () => true,
      ({ name, parent, place }) => void ended.push(`${name} ${parent} ${place.trace}`),
    )
    const at = placeFrom('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')
    const outer = inTrace(at, () => spans.open('outer'))
    const inner = inTrace(outer.place, () => spans.open('inner'))
    inner.end()
    outer.end()
    outer.end()
    expect(ended).toEqual([`inner ${outer.place?.span} ${at.trace}`, `outer 00f067aa0ba902b7 ${at.trace}`])
  })

  it('that goes nowhere leaves the place as it is', () => {
    const at = placeFrom(undefined)
    expect(inTrace(at, () => noSpans.open('any')).place).toBe(at)
    expect(noSpans.open('any').place).toBeUndefined()
    expect(inTrace(at, () => noSpans.open('any', { parent: null })).place).toBeUndefined()
  })
})
