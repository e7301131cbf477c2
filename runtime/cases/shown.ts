import type { Shown } from '../audit/looks.ts'
import type { CaseCard, CaseView } from '../http/ports.ts'
import type { CaseRow } from '../store/cases.ts'
import type { LoadedCase } from './assemble.ts'

/** What of a person a view of their case shows; nothing where it shows nothing of them. */
export function shownOfCase(row: CaseRow, { id, client, fields }: CaseView): Shown | undefined {
  const named = fields.filter(({ personal, value }) => personal && value !== null).map(({ name }) => name)
  const shown = [...nameOn(row, client), ...named]
  return shown.length > 0 ? { client: row.client?.clientId ?? null, case: id, fields: shown } : undefined
}

/** A card in a list: the name, where it is shown. */
export function shownOfCard(row: CaseRow, { client }: CaseCard): Shown | undefined {
  const fields = nameOn(row, client)
  return row.client && fields.length > 0 ? { client: row.client.clientId, fields } : undefined
}

/** Letters and the like, which are shown as they were written. */
export function keptWhole({ row }: LoadedCase, what: 'letters' | 'documents' | 'messages'): Shown {
  return { client: row.client?.clientId ?? null, case: row.caseId, fields: [what] }
}

/** A pseudonym tells nothing of anybody. */
function nameOn(row: CaseRow, client: CaseCard['client']): readonly string[] {
  return client && client.label !== row.client?.pseudonym ? ['client.name'] : []
}
