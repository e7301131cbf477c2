import type { Span } from '../source.ts'
import type { Declaration, FileNode, ProcessItem, StageItem } from '../tree.ts'

/**
 * A tree of YAML in which bodies reach over the comments at their end: YAML has no brace to close a body, so how far a
 * comment is set in says whether it still belongs there.
 */
export function withEndings({ declarations }: FileNode, comments: readonly Span[]): FileNode {
  const endings = new Endings(comments)
  return { declarations: declarations.map((each) => endings.ofDeclaration(each)) }
}

interface Bodied {
  readonly kind: string
  readonly span: Span
  readonly extent?: Span
}

class Endings {
  readonly #comments: readonly Span[]

  constructor(comments: readonly Span[]) {
    this.#comments = comments
  }

  ofDeclaration(node: Declaration): Declaration {
    if (node.kind === 'broken') return node
    const reaching = this.#reaching(node)
    if (reaching.kind !== 'process') return reaching
    return { ...reaching, items: reaching.items.map((item) => this.#ofProcess(item)) }
  }

  #ofProcess(item: ProcessItem): ProcessItem {
    if (item.kind !== 'stage') return this.#ofRule(item)
    const reaching = this.#reaching(item)
    return { ...reaching, items: reaching.items.map((inner) => this.#ofRule(inner)) }
  }

  #ofRule<I extends ProcessItem | StageItem>(item: I): I {
    return item.kind === 'rule' || item.kind === 'enter' || item.kind === 'leave' ? this.#reaching(item) : item
  }

  #reaching<N extends Bodied>(node: N): N {
    const { extent } = node
    if (!extent || isInBraces(node, extent)) return node
    const column = columnOf(node.span) + (node.kind === 'rule' ? 0 : 1)
    let { end } = extent
    for (let index = this.#firstFrom(end); ; index++) {
      const comment = this.#comments[index]
      const between = comment && extent.source.text.slice(end, comment.start)
      if (between === undefined || between.trim() !== '') break
      if (between.includes('\n') && columnOf(comment as Span) < column) break
      end = (comment as Span).end
    }
    return { ...node, extent: { ...extent, end } }
  }

  /** The first comment from an offset on. */
  #firstFrom(offset: number): number {
    let [low, high] = [0, this.#comments.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#comments[middle]?.start ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A rule that stands whole between braces: comments behind it are not in it. */
function isInBraces({ kind }: Bodied, { source, start }: Span): boolean {
  return kind === 'rule' && source.text.charAt(start) === '{'
}

function columnOf({ source, start }: Span): number {
  return source.position(start).column
}
