import type { ConsentStatus, Decided, Duration, Named, Place } from '../definition.ts'

/** A story of one case with what each step must lead to: plain readonly data, names already looked up. */
export interface Scenario {
  /** What it shows, as a sentence. */
  readonly name: string
  readonly process: string
  readonly client: { readonly name?: string; readonly email?: string; readonly phone?: string }
  readonly steps: readonly Step[]
  readonly at: Place
}

export type Step = StepBody & {
  /** The step must fail, and its reason hold these words. */
  readonly refused?: string
  readonly at: Place
}

/** A value as it was written; '' and an empty list clear the field. */
export type Written = string | readonly string[]

export type StepBody =
  | { readonly kind: 'start'; readonly values: Named<Written> }
  /** By somebody with every role where `by` names none. */
  | { readonly kind: 'move'; readonly to: string; readonly by?: string }
  | { readonly kind: 'fill'; readonly values: Named<Written> }
  | ReplyStep
  | {
      readonly kind: 'form'
      readonly form: string
      readonly values: Named<Written>
      readonly consents: Named<'given' | 'refused'>
    }
  | { readonly kind: 'consent'; readonly purpose: string; readonly decision: Decided }
  | { readonly kind: 'signal'; readonly signal: string }
  /** All cases that this one has started have ended. */
  | { readonly kind: 'cases done' }
  | { readonly kind: 'wait'; readonly duration: Duration }
  | { readonly kind: 'erase'; readonly fields: readonly string[]; readonly client: boolean }
  | { readonly kind: 'expect'; readonly expected: Expectation }

export interface ReplyStep {
  readonly kind: 'reply'
  /** All of the letter's text, quotation and signature too. */
  readonly saying: string
  /** An address; the client's if left out. */
  readonly from?: string
  /** The letter it answers; the last one sent if left out. */
  readonly to?: string
  readonly auto: boolean
}

/** What must hold at a moment; what is left out does not matter. */
export interface Expectation {
  readonly stage?: string
  /** All letters sent so far, in order. */
  readonly letters?: readonly string[]
  /** All who were notified so far, in any order: roles, `everyone`, `assignee`. */
  readonly notified?: readonly string[]
  readonly consent?: Named<ConsentStatus>
  /** Fields among those that staff see, may change, or nobody sees; an empty list says that there are none. */
  readonly visible?: readonly string[]
  readonly editable?: readonly string[]
  readonly hidden?: readonly string[]
  readonly fields?: Named<ExpectedValue>
  /** Among what waits for its time; an empty list says that nothing does. */
  readonly scheduled?: readonly string[]
  readonly ended?: Ended
}

/** `erased`: it was filled once, and is gone. */
export type ExpectedValue = { readonly is: 'erased' } | { readonly is: 'value'; readonly written: Written }

export type Ended = 'false' | 'true' | 'success'
