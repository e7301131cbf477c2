import { emptyCase } from '../../engine/index.ts'
import { namedFields } from '../../engine/visibility.ts'
import { actorOf } from '../cases/rights.ts'
import type { Bulk, Caller } from '../http/ports.ts'
import { type ImportParts, importRows } from './import.ts'
import { moveCases } from './moves.ts'

/** Imports, moves and exports of many cases: `http/ports.ts` says what each does. */
export function createBulk(parts: ImportParts): Bulk {
  const { cases } = parts
  return {
    import: (by, order) => importRows(by, order, parts),
    move: (by, ids, to, key) => moveCases(by, ids, to, key, parts),
    fields: (by, process) => fieldsSeen(by, process, parts),
    cases: (by, process, page) => cases.views(by, process, page),
  }
}

function fieldsSeen(by: Caller, name: string, { cases, clock }: ImportParts): ReturnType<Bulk['fields']> {
  const { machine, process, definition } = cases.readable(by, name)
  const actor = actorOf(by, definition)
  const viewer = actor.kind === 'staff' ? actor : ({ kind: 'client' } as const)
  const somewhere = emptyCase(machine, { id: '', number: '', client: { consents: {} } }, clock.now())
  const seen = new Set(
    Object.keys(process.stages).flatMap((stage) => [...namedFields(machine, { ...somewhere, stage }, viewer).keys()]),
  )
  return Object.values(process.fields)
    .filter((field) => seen.has(field.name))
    .map((field) => ({ name: field.name, type: field.type }))
}
