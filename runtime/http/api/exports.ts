import { Readable } from 'node:stream'
import type { FieldType } from '../../../engine/definition.ts'
import { csvLine } from '../../csv/write.ts'
import { describeError } from '../../log.ts'
import type { Caller, CaseView, FieldView, Page } from '../ports.ts'
import type { Site, Web } from '../site.ts'
import { presentValue } from './present.ts'
import { type Route, signedIn } from './route.ts'
import { object, queryCheck, schema } from './schema.ts'

/** Cases in memory at once. */
const pageSize = 100

type Format = 'csv' | 'jsonl'

/** How cases are written: a first line, if there is one, and a line each. */
interface Writer {
  readonly mediaType: string
  readonly head: string
  line(view: CaseView): string
}

const query = schema<{ process: string; format?: Format }>(
  object({ process: { type: 'string', minLength: 1, maxLength: 100 } }, { format: { enum: ['csv', 'jsonl'] } }),
)
const checkQuery = queryCheck(query)

/**
 * Streams the cases of a process, page by page. What is wrong at the first page is answered as a problem; later the answer is
 * broken off, so that nobody takes a part for the whole. Whose session ends gets no further page.
 */
async function exportCases(ctx: Web, site: Site): Promise<void> {
  const by = await signedIn(ctx, site)
  const { process, format = 'csv' } = checkQuery({ ...ctx.query })
  const { bulk } = site.ports
  const writer = format === 'csv' ? csvWriter(bulk.fields(by, process)) : jsonLines
  const first = await bulk.cases(by, process, { limit: pageSize })
  const next = async (after: string) => bulk.cases(await signedIn(ctx, site), process, { after, limit: pageSize })
  ctx.status = 200
  ctx.set('Content-Disposition', `attachment; filename="cases.${format}"`)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = Readable.from(lines(first, next, writer, (cases, error) => tell(site, by, process, cases, error)))
  ctx.type = writer.mediaType
}

async function* lines(
  first: Page<CaseView>,
  next: (after: string) => Promise<Page<CaseView>>,
  { head, line }: Writer,
  ended: (cases: number, error: unknown) => void,
): AsyncGenerator<string> {
  let cases = 0
  let broken: unknown
  try {
    if (head !== '') yield head
    for (let page = first; ; page = await next(page.next)) {
      cases += page.items.length
      yield page.items.map(line).join('')
      if (page.next === undefined) break
    }
  } catch (error) {
    broken = error
    throw error
  } finally {
    ended(cases, broken)
  }
}

/** That so much was handed out at once is worth a line: who, of what, how many. */
function tell({ log }: Site, by: Caller, process: string, cases: number, error: unknown): void {
  const what = { by: by.kind === 'staff' ? by.person.id : by.clientId, process, cases }
  if (error === undefined) log.info(what, 'cases were exported')
  else log.warn({ ...what, ...describeError(error) }, 'an export was broken off')
}

const columns = [
  'id',
  'number',
  'version',
  'stage',
  'ended',
  'assignee',
  'createdAt',
  'enteredAt',
  'client.id',
  'client',
]

function csvWriter(fields: readonly { readonly name: string; readonly type: FieldType }[]): Writer {
  return {
    mediaType: 'text/csv; charset=utf-8',
    head: csvLine([...columns, ...fields.map(({ name }) => name)]),
    line: (view) => {
      const seen = new Map(view.fields.map((field) => [field.name, field]))
      const values = fields.map(({ name }) => inCell(seen.get(name)))
      return csvLine([...aboutCase(view), ...values])
    },
  }
}

function aboutCase(view: CaseView): string[] {
  const { id, number, version, stage, ended, assignee, createdAt, enteredAt, client } = view
  const who = [client?.id ?? '', client?.label ?? '']
  return [id, number, String(version), stage.name, ended, assignee?.name ?? '', createdAt, enteredAt, ...who]
}

/** A field as an import takes it. One that is not seen at the case's stage is as empty as one without a value. */
function inCell(field: FieldView | undefined): string {
  const value = field ? presentValue(field.value, field.type.kind) : null
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join('|') : String(value)
}

const jsonLines: Writer = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  head: '',
  line: (view) => {
    const { id, number, version, ended, assignee, createdAt, enteredAt, client } = view
    const fields = Object.fromEntries(
      view.fields.map(({ name, value, type }) => [name, presentValue(value, type.kind)]),
    )
    const whole = { id, number, process: view.process.name, version, stage: view.stage.name, ended, assignee }
    return `${JSON.stringify({ ...whole, createdAt, enteredAt, client, fields })}\n`
  },
}

export const exportRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/exports/cases',
    id: 'exportCases',
    summary:
      'All cases of a process, newest first, as far as you may see each at its stage: a CSV file, or JSON lines.',
    who: 'staff',
    query: query.json,
    answers: { 200: { type: 'string', contentMediaType: 'text/csv' } },
    handler: (site) => (ctx) => exportCases(ctx, site),
  },
]
