import type { Caller } from './people.ts'

/** An address at which another system tells a process's cases of a signal. */
export interface HookView {
  readonly id: string
  readonly process: string
  readonly signal: string
  readonly at: string
  readonly madeBy: string
}

export interface Hooks {
  /** The token of its address and its secret are given this once. */
  create(
    by: Caller,
    what: { process: string; signal: string },
  ): Promise<{ readonly id: string; readonly token: string; readonly secret: string }>
  list(by: Caller): Promise<readonly HookView[]>
  remove(by: Caller, id: string): Promise<void>
  /** A signed request from outside; `from` is the sender's address, for the limits. */
  receive(
    token: string,
    request: { readonly body: string; readonly signature: string; readonly from: string },
  ): Promise<{ readonly case: string; readonly stage: string }>
}
