/** Workspaces by chance: trees to print and read back, in either notation. */
export { withoutPlaces } from './generate/nodes.ts'
export { soundWorkspace } from './generate/sound.ts'
export { wildTree } from './generate/wild.ts'
