export type { Happening, Step } from './step.ts'
export { exploringChecks, type Found, verify } from './verify.ts'
