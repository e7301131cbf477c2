import { Failed, Waits } from '../jobs/failure.ts'
import type { Attempt, Job } from '../jobs/worker.ts'
import { inTrace, placeIn } from '../trace.ts'
import { type Spans, within } from './spans.ts'

/** The same jobs, each try a span of the trace that it was added in. */
export function spanned(jobs: Readonly<Record<string, Job>>, spans: Spans): Record<string, Job> {
  return Object.fromEntries(
    Object.entries(jobs).map(([name, job]): [string, Job] => [
      name,
      (payload, attempt) =>
        Array.isArray(payload)
          ? payload.map((one) => inTrace(placeIn(one), () => tried(name, job, [one], attempt, spans)))
          : tried(name, job, payload, attempt, spans),
    ]),
  )
}

function tried(name: string, job: Job, payload: unknown, attempt: Attempt, spans: Spans): Promise<void> {
  const attributes = {
    'messaging.system': 'graphile_worker',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': name,
    'zgoda.job.tries': attempt.tries,
  }
  return within(spans, `process ${name}`, { kind: 'consumer', attributes }, async (span) => {
    try {
      await Promise.all([job(payload, attempt)].flat())
      span.set({ 'zgoda.outcome': 'done' })
    } catch (error) {
      const over = error instanceof Failed || attempt.last
      span.set({ 'zgoda.outcome': over ? 'given up' : error instanceof Waits ? 'waits' : 'failed' })
      throw error
    }
  })
}
