import { type ProblemCode, Refusal } from '../refusal.ts'

/** What a refused or failed request is answered with, as JSON (RFC 9457) or as a page. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly because: string
  readonly rule?: { readonly file: string; readonly line: number }
  readonly fields?: readonly string[]
}

const answers: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'not-found': [404, 'Not found'],
  'not-allowed': [403, 'Not allowed'],
  'not-signed-in': [401, 'Not signed in'],
  'wrong-credentials': [401, 'Wrong credentials'],
  'too-many-tries': [429, 'Too many tries'],
  'forged-request': [403, 'Request from elsewhere'],
  'signature-invalid': [401, 'Signature that does not hold'],
  'invalid-body': [400, 'Request that can not be read'],
  'too-large': [413, 'Too large'],
  'invalid-value': [422, 'Value that does not fit'],
  'unknown-field': [422, 'Unknown field'],
  'not-editable': [422, 'Field that can not be edited'],
  'required-missing': [409, 'Required field missing'],
  'manual-entry-forbidden': [409, 'Only a rule may do this'],
  'not-declared': [409, 'Move not declared'],
  'condition-not-met': [409, 'Condition not met'],
  'consent-missing': [409, 'Consent missing'],
  'role-missing': [409, 'Role missing'],
  'case-ended': [409, 'Case ended'],
  'nothing-to-do': [409, 'Nothing to do'],
  'too-many-steps': [409, 'Rules that never come to rest'],
  conflict: [409, 'Changed meanwhile'],
  'key-reused': [409, 'Idempotency key used for another request'],
  'link-invalid': [410, 'Link that opens nothing'],
  'client-erased': [410, 'Client erased'],
  'legal-hold': [409, 'Legal hold'],
  'invalid-workspace': [422, 'Workspace with mistakes'],
  'plan-blocked': [409, 'Plan that can not be applied'],
  unavailable: [503, 'Not available just now'],
}

export function problemOf(code: ProblemCode, because: string): Problem {
  const [status, title] = answers[code]
  return { type: `urn:zgoda:problem:${code}`, title, status, detail: because, code, because }
}

const failure: Problem = {
  type: 'urn:zgoda:problem:failure',
  title: 'Something went wrong here',
  status: 500,
  detail: 'Something went wrong on our side. It is in the log; try again later.',
  code: 'failure',
  because: 'Something went wrong on our side. It is in the log; try again later.',
}

/**
 * The answer to an error. `expected` is false for what nobody foresaw: that alone is logged with its stack, and none of its
 * text reaches the answer.
 */
export function describeProblem(
  error: unknown,
  isAway: (error: unknown) => boolean,
): { problem: Problem; expected: boolean } {
  if (error instanceof Refusal) {
    const { rule, fields } = error
    const problem = { ...problemOf(error.code, error.because), ...(rule && { rule }), ...(fields && { fields }) }
    return { problem, expected: true }
  }
  if (isAway(error)) {
    const because = 'A part of the server is away just now. Nothing was half done. Try again in a few seconds.'
    return { problem: problemOf('unavailable', because), expected: false }
  }
  return { problem: failure, expected: false }
}
