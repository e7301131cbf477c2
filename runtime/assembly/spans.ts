import { randomUUID } from 'node:crypto'
import type { TraceSettings } from '../config.ts'
import type { Log } from '../log.ts'
import type { Figures } from '../metrics/figures.ts'
import { createCollector } from '../spans/collector.ts'
import { Exporter } from '../spans/exporter.ts'
import { otlpBody } from '../spans/otlp.ts'
import { createSpans } from '../spans/recorder.ts'
import { samplerOf } from '../spans/sampler.ts'
import { noSpans, type Spans } from '../spans/spans.ts'
import { version } from '../version.ts'

/** Milliseconds that the last spans may take to go out when the server stops. */
const lastMinute = 3_000

export interface Tracing {
  readonly spans: Spans
  stop(): Promise<void>
}

/** Spans as the settings want them; none where no collector is set. */
export function tracingOf(settings: TraceSettings | undefined, figures: Figures, log: Log): Tracing {
  if (!settings) return { spans: noSpans, stop: async () => undefined }
  const resource = {
    'service.name': settings.service,
    'service.version': version,
    'service.instance.id': randomUUID(),
  }
  const exporter = new Exporter({
    collector: createCollector(settings),
    log,
    delay: settings.delay,
    body: (spans) => otlpBody(resource, { name: 'zgoda', version }, spans),
    settled: (outcome, count) => figures.spans.addMany(count, outcome),
  })
  return {
    spans: createSpans(samplerOf(settings), (ended) => exporter.keep(ended)),
    stop: () => exporter.stop(lastMinute),
  }
}
