/** Thrown by a job that will not succeed however often it is tried, until a person has looked. */
export class Failed extends Error {
  override readonly name = 'Failed'
  /** A sentence that names no value of anyone. */
  readonly because: string

  constructor(because: string) {
    super(because)
    this.because = because
  }
}

/** Thrown by a job that waits for something it can name: its last try fails for that reason. */
export class Waits extends Error {
  override readonly name = 'Waits'
  readonly because: string
  /** When it is of use to try again, where that is known; else the queue's growing pause says so. */
  readonly until: Date | undefined

  constructor(because: string, until?: Date) {
    super(because)
    this.because = because
    this.until = until
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
