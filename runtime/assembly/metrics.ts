import type { Metrics } from '../http/ports.ts'
import { Collector } from '../metrics/collect.ts'
import type { MailEnds } from '../readiness.ts'
import { countOpenIncidents } from '../store/incidents.ts'
import { version } from '../version.ts'
import type { Base } from './base.ts'

export function metricsOf(
  { db, clock, figures }: Base,
  mail: () => MailEnds,
  token: string | undefined,
  started: (() => Promise<void>)[],
): Metrics {
  const incidents = () => countOpenIncidents(db.pool)
  const collector = new Collector(figures, { db, clock, version, mail, incidents })
  started.push(async () => collector.close())
  return {
    ...(token ? { token } : {}),
    text: () => collector.text(),
    request: (method, route, status, seconds) => {
      figures.requests.add(method, route, String(status))
      figures.requestSeconds.observe(seconds, method, route)
    },
  }
}
