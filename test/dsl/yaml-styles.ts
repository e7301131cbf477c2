import fc from 'fast-check'
import { type Document, isAlias, isCollection, isScalar, type Node, parseDocument, Scalar, visit } from 'yaml'

const scalarStyles = [
  Scalar.PLAIN,
  Scalar.QUOTE_DOUBLE,
  Scalar.QUOTE_SINGLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const

interface Style {
  /** What is drawn for one node after the other; begun again where it ends. */
  readonly draws: readonly number[]
  readonly indent: number
  readonly width: number
  readonly indentSeq: boolean
  readonly padding: boolean
}

/** Ways to write one and the same YAML. */
export const anyStyle: fc.Arbitrary<Style> = fc.record({
  draws: fc.array(fc.nat(999), { minLength: 1, maxLength: 40 }),
  indent: fc.integer({ min: 1, max: 6 }),
  width: fc.constantFrom(20, 40, 80, 0),
  indentSeq: fc.boolean(),
  padding: fc.boolean(),
})

/** The same YAML in other quotes, braces and lines, with anchors, aliases, comments and blank lines by chance. */
export function inStyle(text: string, style: Style): string {
  const document = parseDocument(text, { uniqueKeys: false })
  let drawn = 0
  const draw = (sides: number) => (style.draws[drawn++ % style.draws.length] ?? 0) % sides
  visit(document, (key, node) => {
    if (isScalar(node) && typeof node.value === 'string') {
      const style = scalarStyles[draw(scalarStyles.length)]
      if (key !== 'key' && style !== undefined) node.type = style
    }
    if (isCollection(node) && node !== document.contents) node.flow = draw(3) === 0
    if (isCollection(node) || isScalar(node)) annotate(node, draw)
  })
  shareNodes(document, draw)
  return document.toString({
    indent: style.indent,
    lineWidth: style.width,
    indentSeq: style.indentSeq,
    flowCollectionPadding: style.padding,
  })
}

function annotate(node: Node, draw: (sides: number) => number): void {
  if (draw(9) === 0) node.spaceBefore = true
  if (draw(12) === 0) node.commentBefore = ` before ${draw(99)}`
  if (draw(12) === 0) node.comment = ` behind ${draw(99)}`
}

/** Puts an alias in the place of some nodes that say the same as one before. */
function shareNodes(document: Document, draw: (sides: number) => number): void {
  const known = new Map<string, Node>()
  visit(document, {
    Value: (key, node) => {
      if (key === 'key' || isAlias(node) || node === document.contents) return undefined
      const words = JSON.stringify(node.toJS(document))
      const first = known.get(words)
      if (first && draw(2) === 0) return document.createAlias(first as Scalar, `a${draw(999)}_${known.size}`)
      if (!first) known.set(words, node)
      return undefined
    },
  })
}
