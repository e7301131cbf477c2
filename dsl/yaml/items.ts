import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Source, Span } from '../source.ts'
import type { Entry, Item, ListItem, MapItem, StringItem, TokenItem } from './layout/item.ts'
import { isAfterBlankLine, placeComments, type Region, type Spot } from './place-comments.ts'

/** A document that was read, ready to be written again: its values as they are, its comments where they belong. */
export function itemsOf(source: Source, root: YAMLMap, comments: readonly Span[]): MapItem {
  const rewriting = new Rewriting(source)
  const [map, region] = rewriting.top(root)
  placeComments(source, region, rewriting.spots, comments)
  return map
}

/** Goes down a document; notes where its entries stand, so that comments can be put to them afterwards. */
class Rewriting {
  readonly spots: Spot[] = []
  readonly #source: Source
  /** That of the entry before. */
  #line = 0

  constructor(source: Source) {
    this.#source = source
  }

  top(root: YAMLMap): [MapItem, Region] {
    const region = this.#region(root, undefined)
    return [this.#map(root, region), region]
  }

  #map(map: YAMLMap, region: Region): MapItem {
    const entries = (map.items as Pair<Node, Node | null>[]).map(({ key, value }): Entry => {
      const end = (value ?? key).range?.[1] ?? 0
      const spot = this.#spot(startOf(key), end, region)
      return this.#entry(spot, value, { key: keyOf(key) })
    })
    return { kind: 'map', ...anchorOf(map), entries, below: region.below }
  }

  #list(list: YAMLSeq, region: Region): ListItem {
    const entries = (list.items as Node[]).map((node): Entry => {
      return this.#entry(this.#spot(startOf(node), node.range?.[1] ?? 0, region), node, {})
    })
    return { kind: 'list', ...anchorOf(list), entries, below: region.below }
  }

  #entry(spot: Spot, value: Node | null, key: Pick<Entry, 'key'>): Entry {
    const { line } = this.#source.position(spot.start)
    const apart = line > this.#line && isAfterBlankLine(this.#source, spot.start)
    this.#line = line
    return { ...key, value: this.#item(value, spot), above: spot.above, beside: spot.beside, apart }
  }

  #spot(start: number, end: number, holder: Region): Spot {
    const spot: Spot = { start, end, holder, above: [], beside: [] }
    this.spots.push(spot)
    return spot
  }

  #item(node: Node | null, spot: Spot): Item {
    if (isMap(node) || isSeq(node)) {
      const region = this.#region(node, spot)
      spot.inner = region
      return isMap(node) ? this.#map(node, region) : this.#list(node, region)
    }
    if (isAlias(node)) return { kind: 'token', text: `*${node.source}` }
    if (isScalar(node) && !isNothing(node)) return scalarItem(node)
    const column = this.#columnOf(spot.start) + 1
    spot.inner = { start: spot.end, end: spot.end, flow: false, column, of: spot, below: [] }
    return { kind: 'nothing', ...anchorOf(node), below: spot.inner.below }
  }

  #region(node: YAMLMap | YAMLSeq, of: Spot | undefined): Region {
    const start = startOf(node)
    const end = node.range?.[1] ?? start
    return { start, end, flow: node.flow === true, column: this.#columnOf(start), of, below: [] }
  }

  #columnOf(offset: number): number {
    return this.#source.position(offset).column - 1
  }
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function anchorOf(node: Node | null): { readonly anchor?: string } {
  return node && 'anchor' in node && node.anchor ? { anchor: node.anchor } : {}
}

function isNothing({ value, type }: Scalar): boolean {
  return value === null && type === 'PLAIN'
}

function keyOf(key: Node): StringItem | TokenItem {
  if (!isScalar(key)) throw new TypeError('a key that is no single word')
  return scalarItem(key)
}

/** What is no string stays as it was written. */
function scalarItem(node: Scalar): StringItem | TokenItem {
  const { value, source = '', type } = node
  if (typeof value === 'string') return { kind: 'string', value, ...anchorOf(node) }
  if (type !== 'PLAIN' || source === '') return { kind: 'string', value: source, ...anchorOf(node) }
  return { kind: 'token', text: source, ...anchorOf(node) }
}
