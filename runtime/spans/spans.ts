import { currentPlace, inTrace, type Place } from '../trace.ts'

/** What a span tells of itself: names, codes and counts; never an id of anyone, and never a value. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** As OTLP numbers them. */
export const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const
export type Kind = keyof typeof kinds

export interface Beginning {
  readonly kind?: Kind
  readonly attributes?: Attributes
  /** Where it belongs; the present place where absent, a trace of its own where null. */
  readonly parent?: Place | null
  /** Other spans that it has to do with. */
  readonly links?: readonly (Place | undefined)[]
}

/** A piece of work under way. What is said of it after its end is lost. */
export interface Span {
  /** What belongs to it runs here; undefined where it is not part of any trace. */
  readonly place: Place | undefined
  name(name: string): void
  set(attributes: Attributes): void
  link(other: Place | undefined): void
  /** `kind` is a code or the name of an error, never its words: they may quote input. */
  failed(kind: string): void
  end(): void
  /** Ends it without a trace of it. */
  forget(): void
}

/** Records pieces of work, for whoever looks into why something was slow or failed. */
export interface Spans {
  open(name: string, beginning?: Beginning): Span
}

/** Runs `work` as a span of the present trace: it ends with the work, and says so where that fails. */
export async function within<T>(
  spans: Spans,
  name: string,
  beginning: Beginning,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = spans.open(name, beginning)
  try {
    return await inTrace(span.place, () => work(span))
  } catch (error) {
    span.failed(kindOf(error))
    throw error
  } finally {
    span.end()
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** A span that nobody will see: what belongs to it runs at the place it stands at. */
export class Unrecorded implements Span {
  readonly place: Place | undefined

  constructor(at: Place | undefined) {
    // Not in the span of whoever called: what follows is not theirs.
    this.place =
      at?.span === undefined ? at : { trace: at.trace, ...(at.sampled !== undefined && { sampled: at.sampled }) }
  }

  name(): void {}
  set(): void {}
  link(): void {}
  failed(): void {}
  end(): void {}
  forget(): void {}
}

/** Where spans go nowhere: traces are passed on as they came. */
export const noSpans: Spans = {
  open: (_name, { parent } = {}) => new Unrecorded(parent === undefined ? currentPlace() : (parent ?? undefined)),
}
