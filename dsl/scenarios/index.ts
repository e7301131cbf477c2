/** What the playing of scenarios needs of dsl, without all else that there is: a command begins in half the time. */
export {
  type Folder,
  isScenarioFile,
  isWorkspaceFile,
  loadFolder,
} from '../folder.ts'
export type { SourceFile } from '../source.ts'
export { type ReadScenarios, readScenarios } from './read.ts'
