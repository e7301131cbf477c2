import type { RefusalCode } from '../engine/decision.ts'

/** Codes of RFC 9457 problems that this server answers with, beside those of the engine's refusals. */
export type ProblemCode =
  | RefusalCode
  | 'not-found'
  | 'not-allowed'
  | 'not-signed-in'
  | 'wrong-credentials'
  | 'too-many-tries'
  | 'invalid-body'
  | 'unknown-field'
  | 'too-large'
  | 'conflict'
  | 'key-reused'
  | 'forged-request'
  | 'signature-invalid'
  | 'link-invalid'
  | 'client-erased'
  | 'legal-hold'
  | 'unavailable'
  | 'invalid-workspace'
  | 'plan-blocked'

/** A request that is refused for a reason its sender can read and act on: no failure of the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  /** A sentence: what happened, where, what to do. Holds no personal value. */
  readonly because: string
  readonly rule?: { readonly file: string; readonly line: number }
  readonly fields?: readonly string[]

  constructor(
    code: ProblemCode,
    because: string,
    more: { rule?: { readonly file: string; readonly line: number }; fields?: readonly string[] } = {},
  ) {
    super(because)
    this.code = code
    this.because = because
    if (more.rule) this.rule = { file: more.rule.file, line: more.rule.line }
    if (more.fields) this.fields = more.fields
  }
}
