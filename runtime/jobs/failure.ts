/** Thrown by a job that will not succeed however often it is tried, until a person has looked. */
export class Failed extends Error {
  override readonly name = 'Failed'
  /** A sentence that names no value of anyone. */
  readonly because: string
  /** How often it was tried, where the job itself counts that. */
  readonly tries: number | undefined

  constructor(because: string, tries?: number) {
    super(because)
    this.because = because
    this.tries = tries
  }
}

/** Thrown by a job that waits for something it can name: its last try fails for that reason. */
export class Waits extends Error {
  override readonly name = 'Waits'
  readonly because: string
  /** When it is of use to try again, where that is known; else the queue's growing pause says so. */
  readonly until: Date | undefined
  /** Whether this counts among the tries that the queue allows; not where the job itself says when it gives up. */
  readonly counts: boolean

  constructor(because: string, until?: Date, { counts = true } = {}) {
    super(because)
    this.because = because
    this.until = until
    this.counts = counts
  }
}

/** A job that has failed for good: what it was and why, to be shown and put back. */
export interface Failure {
  readonly job: string
  /** Ids alone. */
  readonly payload: unknown
  /** The same however often this job fails. */
  readonly key: string
  readonly because: string
  readonly tries: number
}
