import type { Definition, Process } from './definition.ts'

/** What a case stands on: its process, and the workspace around it. */
export interface Ground {
  readonly definition: Definition
  readonly process: Process
}
