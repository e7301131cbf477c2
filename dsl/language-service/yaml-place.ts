import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'
import type { Key, RecordShape, Shape } from '../shape.ts'
import type { Source } from '../source.ts'
import { workspaceShape } from '../workspace-shape.ts'
import { readYaml } from '../yaml/document.ts'

/** A map that is held against a record of keys. */
export interface YamlRecord {
  readonly map: YAMLMap
  readonly shape: RecordShape
}

/** Where an offset of a YAML file is, as its shapes see it. */
export interface YamlPlace {
  readonly scalar: Scalar
  /** Of a key: the shape of the map it stands in; of a value: its own. Absent where nothing is known of it. */
  readonly shape: Shape | undefined
  /** The map whose key it is; absent for a value. */
  readonly keyOf?: YAMLMap
  /** What is said of the key, or of the key whose value it is. */
  readonly key?: Key
  /** The records around it, the outermost first. */
  readonly records: readonly YamlRecord[]
}

/** The scalar at an offset with its place among the shapes. */
export function placeInYaml(source: Source, offset: number): YamlPlace | undefined {
  for (const root of readYaml(source).roots) {
    if (!contains(root, offset)) continue
    const place = descend(root, workspaceShape, undefined, [], offset)
    if (place) return place
  }
  return undefined
}

function descend(
  node: Node,
  shape: Shape | undefined,
  key: Key | undefined,
  records: readonly YamlRecord[],
  offset: number,
): YamlPlace | undefined {
  if (isScalar(node)) return { scalar: node, shape, ...(key ? { key } : {}), records }
  if (isSeq(node)) {
    const item = (node.items as Node[]).find((each) => contains(each, offset))
    return item && descend(item, shape && itemShape(shape), key, records, offset)
  }
  return isMap(node) ? descendMap(node, shape && mapShape(shape), records, offset) : undefined
}

function descendMap(
  map: YAMLMap,
  shape: Shape | undefined,
  before: readonly YamlRecord[],
  offset: number,
): YamlPlace | undefined {
  const records = shape?.kind === 'record' ? [...before, { map, shape }] : before
  for (const { key: name, value } of map.items as Pair<Node, Node | null>[]) {
    if (!isScalar(name)) continue
    const text = String(name.value)
    const key = shape?.kind === 'record' && Object.hasOwn(shape.keys, text) ? shape.keys[text] : undefined
    if (contains(name, offset)) return { scalar: name, shape, keyOf: map, ...(key ? { key } : {}), records }
    if (value && contains(value, offset)) return descend(value, valueShape(shape, key), key, records, offset)
  }
  return undefined
}

function valueShape(shape: Shape | undefined, key: Key | undefined): Shape | undefined {
  if (shape?.kind === 'map') return shape.of
  return shape?.kind === 'scalar' ? shape : key?.shape
}

/** One item alone may stand for a list. */
function itemShape(shape: Shape): Shape | undefined {
  if (shape.kind === 'list') return shape.of
  return shape.kind === 'either' ? shape.of.find((each) => each.kind === 'list')?.of : undefined
}

/** What a map is held against; a text is a map of languages. */
function mapShape(shape: Shape): Shape | undefined {
  if (shape.kind === 'list') return mapShape(shape.of)
  if (shape.kind === 'either') return shape.of.map(mapShape).find((found) => found !== undefined)
  return shape.kind === 'word' || shape.kind === 'mention' ? undefined : shape
}

function contains(node: Node | null, offset: number): boolean {
  const range = node?.range
  return range ? range[0] <= offset && offset <= range[1] : false
}
