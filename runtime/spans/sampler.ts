import type { Place, Trace } from '../trace.ts'

/** The samplers that OpenTelemetry's settings name. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export interface Sampling {
  readonly sampler: (typeof samplers)[number]
  /** How many of the traces, 0 to 1. */
  readonly ratio: number
}

/** Whether a span is recorded that begins in `trace`; `parent` is the place that it belongs to. */
export type Sampler = (trace: Trace, parent: Place | undefined) => boolean

export function samplerOf({ sampler, ratio }: Sampling): Sampler {
  const own = ownChoice(sampler, ratio)
  if (!sampler.startsWith('parentbased_')) return own
  return (trace, parent) => parent?.sampled ?? own(trace, parent)
}

function ownChoice(sampler: Sampling['sampler'], ratio: number): Sampler {
  if (sampler.endsWith('always_on')) return () => true
  if (sampler.endsWith('always_off')) return () => false
  // By the last seven bytes, which are random (Trace Context level 2): every server of a trace chooses alike.
  const least = (1 - ratio) * 2 ** 56
  return (trace) => Number.parseInt(trace.slice(-14), 16) >= least
}
