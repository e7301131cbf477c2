import { currentPlace, newSpan, newTrace, type Place } from '../trace.ts'
import type { Sampler } from './sampler.ts'
import { type Attributes, type Beginning, type Kind, type Span, type Spans, Unrecorded } from './spans.ts'

/** A span that has ended. */
export interface Ended {
  readonly place: Place & { readonly span: string }
  readonly parent: string | undefined
  readonly name: string
  readonly kind: Kind
  /** Milliseconds since 1970, to the microsecond. */
  readonly from: number
  readonly to: number
  readonly attributes: Attributes
  readonly links: readonly Place[]
  readonly failed: boolean
}

/** Opens spans and hands each to `keep` when it has ended. */
export function createSpans(sampled: Sampler, keep: (ended: Ended) => void): Spans {
  return {
    open(name, beginning = {}) {
      const parent = beginning.parent === undefined ? currentPlace() : (beginning.parent ?? undefined)
      const trace = parent?.trace ?? newTrace()
      // One that holds others together is recorded where any of them is.
      const wanted = beginning.links ? beginning.links.some((link) => link?.sampled) : sampled(trace, parent)
      if (!wanted) return new Unrecorded({ ...parent, trace, sampled: false })
      return new Recording(name, { trace, span: newSpan(), sampled: true }, parent?.span, beginning, keep)
    },
  }
}

class Recording implements Span {
  readonly place: Ended['place']
  readonly #parent: string | undefined
  readonly #kind: Kind
  readonly #from = now()
  readonly #links: Place[]
  readonly #keep: (ended: Ended) => void
  #name: string
  #attributes: Attributes
  #failed = false
  #open = true

  constructor(
    name: string,
    place: Ended['place'],
    parent: string | undefined,
    { kind = 'internal', attributes = {}, links = [] }: Beginning,
    keep: (ended: Ended) => void,
  ) {
    this.#name = name
    this.place = place
    this.#parent = parent
    this.#kind = kind
    this.#attributes = attributes
    this.#links = links.filter(hasSpan)
    this.#keep = keep
  }

  name(name: string): void {
    this.#name = name
  }

  set(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes }
  }

  link(other: Place | undefined): void {
    if (hasSpan(other)) this.#links.push(other)
  }

  failed(kind: string): void {
    this.#failed = true
    this.set({ 'error.type': kind })
  }

  end(): void {
    if (!this.#open) return
    this.#open = false
    this.#keep({
      place: this.place,
      parent: this.#parent,
      name: this.#name,
      kind: this.#kind,
      from: this.#from,
      to: now(),
      attributes: this.#attributes,
      links: this.#links,
      failed: this.#failed,
    })
  }

  forget(): void {
    this.#open = false
  }
}

function hasSpan(place: Place | undefined): place is Place {
  return place?.span !== undefined && place.sampled === true
}

/** Finer than the clock that decides, and never set back: what is measured here is how long things take. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
