export { type AskedAgain, askedAgain } from './asked-again.ts'
export { diff } from './diff.ts'
export type { Difference, What } from './difference.ts'
export { differencesInText } from './render.ts'
