import type { FieldType } from '../../../engine/definition.ts'
import type { CaseView } from './cases.ts'
import type { Page } from './page.ts'
import type { Caller } from './people.ts'

/** What one row of an import says in one column. */
export type ImportCell = string | number | boolean | readonly string[] | null

/** Rows of a table, each to become a case. The same `id` and line are carried out once, however often they are sent. */
export interface ImportOrder {
  readonly id: string
  readonly process: string
  /** Whether a client with a row's e-mail address is taken for its client. */
  readonly match?: 'email'
  /** Checks all that a real run would, and stores nothing. */
  readonly dryRun?: boolean
  readonly columns: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly ImportCell[] }[]
}

/** Why one of many was refused; holds no value. */
export interface RefusedOne {
  readonly ok: false
  readonly code: string
  readonly because: string
}

/** What has become of a row; a case that a dry run would make has no id, but the letters that it would write. */
export type RowOutcome =
  | {
      readonly line: number
      readonly ok: true
      readonly case?: string
      readonly again?: true
      readonly letters?: readonly string[]
    }
  | (RefusedOne & { readonly line: number; readonly column?: string })

export type MoveOutcome =
  | { readonly id: string; readonly ok: true; readonly stage: string }
  | (RefusedOne & { readonly id: string })

/** Many at once. Each is decided by every rule for itself, and one that is refused stops no other. */
export interface Bulk {
  import(by: Caller, order: ImportOrder): Promise<readonly RowOutcome[]>
  move(by: Caller, ids: readonly string[], to: string, key?: string): Promise<readonly MoveOutcome[]>
  /** The fields of a process that the caller may see at one stage or another. */
  fields(by: Caller, process: string): readonly { readonly name: string; readonly type: FieldType }[]
  /** Whole cases of a process, newest first, each as far as the caller may see it at its stage. */
  cases(by: Caller, process: string, page: { after?: string; limit?: number }): Promise<Page<CaseView>>
}
