export { type Ask, zgodaCompletion } from './completion.ts'
export { zgoda, zgodaLanguage } from './language.ts'
