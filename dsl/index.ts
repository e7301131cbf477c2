export { checks } from './checks/all.ts'
export type { Check } from './checks/check.ts'
export { convertFile } from './convert.ts'
export { type Diagnostic, inOrder } from './diagnostic.ts'
export {
  checkFolder,
  type Folder,
  isScenarioFile,
  isWorkspaceFile,
  liesInWorkspace,
  loadFile,
  loadFolder,
  NoSuchFolder,
} from './folder.ts'
export type { Formatted } from './format/format.ts'
export { formatFile } from './format-file.ts'
export { scenariosShape } from './scenario-shape.ts'
export { type ReadScenarios, readScenarios, type Suite, type Unread } from './scenarios/read.ts'
export { type Schema, schemaOf } from './schema.ts'
export type { SourceFile } from './source.ts'
export { readWorkspace, type Workspace } from './workspace.ts'
export { workspaceShape } from './workspace-shape.ts'
