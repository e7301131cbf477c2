import { Registry } from './registry.ts'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const sizes = [1, 2, 4, 8, 16, 32, 64, 128]

/** Every figure there is, with its name, unit and labels. */
export function createFigures(registry = new Registry()) {
  const { counter, gauge, histogram } = {
    counter: registry.counter.bind(registry),
    gauge: registry.gauge.bind(registry),
    histogram: registry.histogram.bind(registry),
  }
  return {
    registry,
    decisions: counter('zgoda_decisions_total', 'What happened to cases, by process and outcome.', [
      'process',
      'outcome',
    ]),
    groupSize: histogram('zgoda_group_size', 'How many events were decided and stored together.', sizes),
    groupSeconds: histogram(
      'zgoda_group_duration_seconds',
      'From the loading of a group of events to their being stored.',
      seconds,
    ),
    requests: counter('zgoda_http_requests_total', 'Requests, by method, pattern of the route and status.', [
      'method',
      'route',
      'status',
    ]),
    requestSeconds: histogram('zgoda_http_request_duration_seconds', 'How long requests took.', seconds, [
      'method',
      'route',
    ]),
    jobs: counter('zgoda_jobs_total', 'Attempts at jobs, by name and outcome.', ['job', 'outcome']),
    jobSeconds: histogram('zgoda_job_duration_seconds', 'How long attempts at jobs took.', seconds, ['job']),
    letters: counter('zgoda_letters_total', 'Letters that were settled, by what became of them.', ['status']),
    messages: counter('zgoda_messages_total', 'Messages that came in and were judged, by class.', ['class']),
    queue: gauge('zgoda_queue_jobs', 'Jobs in the queue: due, scheduled for later, or given up.', ['job', 'state']),
    oldestJob: gauge('zgoda_queue_oldest_due_seconds', 'For how long the oldest due job has been waiting.'),
    up: gauge('zgoda_up', 'Whether a server that we depend on works: 1 or 0.', ['server']),
    connections: gauge('zgoda_db_connections', 'Connections to Postgres, by pool and state.', ['pool', 'state']),
    incidents: gauge('zgoda_incidents_open', 'Incidents that wait for a person.'),
    spans: counter('zgoda_spans_total', 'Spans of traces that ended, by what became of them.', ['outcome']),
    build: gauge('zgoda_build_info', 'Always 1; the labels say what runs.', ['version', 'node']),
    memory: gauge('process_resident_memory_bytes', 'Memory that this process holds.'),
    heap: gauge('nodejs_heap_size_used_bytes', 'What of it holds objects.'),
    cpu: counter('process_cpu_seconds_total', 'Processor time used.'),
    started: gauge('process_start_time_seconds', 'When this process started, in seconds since 1970.'),
    delay: gauge('nodejs_eventloop_delay_seconds', 'How late timers fired since the figures were last read.', [
      'quantile',
    ]),
  } as const
}

export type Figures = ReturnType<typeof createFigures>
