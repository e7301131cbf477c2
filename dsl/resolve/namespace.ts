import type { NameKind } from '../shape.ts'
import type { Broken } from '../tree.ts'

/** Names of one kind in one place: in the workspace, or fields or stages in a process. */
export class Names<T> {
  readonly kind: NameKind
  /** The process or table that they belong to; absent for those of the workspace. */
  readonly of: string | undefined
  readonly byName = new Map<string, T | Broken>()
  /** Something of this kind could not be read, and its name is not known. */
  incomplete = false

  constructor(kind: NameKind, of?: string) {
    this.kind = kind
    this.of = of
  }
}
