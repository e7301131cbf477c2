import { scenariosShape } from '../../scenario-shape.ts'
import { type RecordShape, recordIn, type ScalarForm, type Shape, scalar } from '../../shape.ts'
import { workspaceShape } from '../../workspace-shape.ts'

/** Whether a value is a list, a map, or neither. */
export type Look = 'list' | 'map' | 'scalar'

/** What the shape of a place says of a value that looks like this. */
export function shapeFor(shape: Shape | undefined, look: Look): Shape | undefined {
  if (shape?.kind === 'list' && look !== 'list') return shapeFor(shape.of, look)
  if (shape?.kind !== 'either') return shape
  if (look === 'list') return shape.of.find(({ kind }) => kind === 'list')
  if (look === 'map') return shape.of.find(({ kind }) => kind === 'record')
  return shape.of.find(({ kind }) => kind !== 'list' && kind !== 'record') ?? shapeFor(shape.of[0], look)
}

/** The shape of an entry of a map by its key, or of a list. */
export function shapeOfEntry(holder: Shape | undefined, key: string | undefined): Shape | undefined {
  const shape = shapeFor(holder, key === undefined ? 'list' : 'map')
  if (shape?.kind === 'list' || shape?.kind === 'map') return shape.of
  if (shape?.kind === 'scalar') return translation
  return shape?.kind === 'record' && key !== undefined && Object.hasOwn(shape.keys, key)
    ? shape.keys[key]?.shape
    : undefined
}

const translation = scalar('string')

export function formOf(shape: Shape | undefined): ScalarForm | undefined {
  const wanted = shapeFor(shape, 'scalar')
  return wanted?.kind === 'scalar' ? wanted.form : undefined
}

/** Whether each entry of a map has lines of its own, however short. */
export function isAlwaysBlock(shape: Shape | undefined): boolean {
  return shape !== undefined && (bodies.has(shape) || (shape.kind === 'map' && shape.declares))
}

export function isListOfRecords(shape: Shape | undefined): boolean {
  return shape?.kind === 'list' && shape.of.kind === 'record'
}

/** Whether a record says by one key of many what it is, as actions do. */
export function isVerb(shape: Shape | undefined): boolean {
  return shape?.kind === 'record' && (shape.one?.length ?? 0) > 2
}

/** What is too much for one line: a file, its scenarios, and the bodies of all declarations but roles and fields. */
const bodies: ReadonlySet<Shape> = new Set<Shape>([
  workspaceShape,
  ...Object.entries(workspaceShape.keys).flatMap(([key, { shape }]) => (key === 'roles' ? [] : bodiesIn(shape))),
  scenariosShape,
  ...Object.values(scenariosShape.keys).flatMap(({ shape }) => bodiesIn(shape)),
])

/** The record of a shape, and that of the stages in it. */
function bodiesIn(shape: Shape): RecordShape[] {
  const body = recordIn(shape)
  const stages = body?.keys.stages && recordIn(body.keys.stages.shape)
  return [body, stages].filter((each) => each !== undefined)
}
