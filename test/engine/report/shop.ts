import { readWorkspace } from '../../../dsl/index.ts'
import type { Definition } from '../../../engine/index.ts'
import { evidenceOf, type Outcome, type Report, reportOf } from '../../../engine/report/index.ts'

/** A workspace from its text, without whatever the checks of a whole definition may say. */
export function read(text: string): Definition {
  const { definition, problems } = readWorkspace([{ name: 'shop.zgoda', text }])
  if (!definition) throw new Error(JSON.stringify(problems))
  return definition
}

/** Its report, with all checks run. */
export function reported(
  definition: Definition,
  { language = 'en', outcomes = [] }: { language?: 'en' | 'pl'; outcomes?: readonly Outcome[] } = {},
): Report {
  return reportOf(definition, evidenceOf(definition, outcomes), { language, made: '2026-11-24' })
}

/** The cell of a requirement and a process. */
export function cell({ compliance }: Report, row: string, process: string) {
  const found = compliance.rows.find((each) => each.row === row)?.cells.find((each) => each.process === process)
  if (!found) throw new Error(`there is no cell ${row} × ${process}`)
  return found
}
