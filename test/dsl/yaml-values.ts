import fc from 'fast-check'
import { type Document, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'

interface Change {
  /** Which value or key of the file, counted anew from the first where it has fewer. */
  readonly at: number
  readonly by: string | undefined
}

/** Values that YAML lets stand where a name is meant, and lists of none. */
export const anySpoiling: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat(200),
    by: fc.constantFrom('a b', 'a-b', '1a', 'A', 'ż', 'a"', '{', '#', '', 'explicit consent', 'long text', undefined),
  }),
  { minLength: 1, maxLength: 3 },
)

/** A file with some of its values and keys changed; `undefined` empties the list that a value stands in. */
export function spoilt(text: string, changes: readonly Change[]): string {
  const document = parseDocument(text, { uniqueKeys: false })
  for (const change of changes) spoil(document, change)
  return document.toString({ lineWidth: 0 })
}

function spoil(document: Document, { at, by }: Change): void {
  const places: { node: Node; list: Node | undefined }[] = []
  visit(document, {
    Scalar: (_key, node, path) => {
      const list = path.findLast((each) => isSeq(each))
      places.push({ node, list: isSeq(list) ? list : undefined })
    },
  })
  const { node, list } = places[at % places.length] ?? {}
  if (by === undefined) {
    if (isSeq(list)) list.items = []
  } else if (isScalar(node)) node.value = by
}
