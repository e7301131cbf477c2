export type { Happening, Step } from './step.ts'
export { exploringChecks, type Found, verify, verifying } from './verify.ts'
