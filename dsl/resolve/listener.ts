import type { Name } from '../tree.ts'
import type { Names } from './namespace.ts'

/**
 * Is told what names stand for, as the resolver looks them up: what an editor knows of a workspace comes from here. A
 * workspace that is only checked has no listener.
 */
export interface Listener {
  /** `name` declares `node`, which `names` holds, or would hold if it stood there first. */
  declared(names: Names<unknown>, name: Name, node: object): void
  /** `name` stands for what `names` holds under it. */
  mentioned(names: Names<unknown>, name: Name): void
  /** In the place of `name` one of `names` or of `words` may stand. */
  offered(name: Name, names: readonly Names<unknown>[], words: readonly string[]): void
}
