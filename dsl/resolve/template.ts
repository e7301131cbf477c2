import { Liquid, type Template, type Variable } from 'liquidjs'
import { z203 } from '../checks/z203-template.ts'
import { didYouMean } from '../nearest.ts'
import type { Span } from '../source.ts'
import type { LetterNode, StringNode, TextNode } from '../tree.ts'
import { members } from '../vocabulary.ts'
import type { Context } from './context.ts'

const companyParts = ['name', 'address', 'email', 'phone', 'officer']
const purposeParts = ['name', 'title', 'text', 'keep']
/** What Liquid knows of a list. */
const listParts = ['size', 'first', 'last']

/** They go before fields of the same name. */
const known = ['case', 'client', 'company', 'purpose', 'purposes']

/** Tags that read other files: a letter stands alone. */
const fileTags = ['include', 'render', 'layout', 'block']

let liquid: Liquid | undefined

/** What templates may name, beside what the language itself gives. */
export interface TemplateNames {
  readonly fields: ReadonlySet<string>
  /** Something could not be read: a name may belong to it. */
  readonly incomplete: boolean
}

/** Reports what a letter or document names that does not exist, and Liquid that can't be read. */
export function checkTemplates(context: Context, node: LetterNode, names: TemplateNames): void {
  const bodies = node.items.filter((item) => item.kind === 'body').map((item) => item.value)
  const texts: TextNode[] = node.title ? [node.title, ...bodies] : bodies
  for (const text of texts) for (const part of text.parts) checkTemplate(context, part.words, names)
}

function checkTemplate(context: Context, string: StringNode, names: TemplateNames): void {
  if (!string.value.includes('{{') && !string.value.includes('{%')) return
  const templates = parse(context, string)
  if (!templates) return
  const { globals } = (liquid as Liquid).analyzeSync(templates, { partials: false })
  for (const uses of Object.values(globals)) for (const use of uses) checkUse(context, string, names, use)
}

function parse(context: Context, string: StringNode): Template[] | undefined {
  liquid ??= makeLiquid()
  try {
    return liquid.parse(string.value)
  } catch (error) {
    const { message, line, column } = parseFailure(error)
    const span = spanAt(string, line, column, tagLength(string.value, line, column))
    context.report(z203, span, `the template can't be read: ${message}`)
    return undefined
  }
}

function makeLiquid(): Liquid {
  const made = new Liquid({ strictFilters: true })
  for (const tag of fileTags) delete made.tags[tag]
  return made
}

/** How long the `{% … %}` or `{{ … }}` is that begins at a place; 1 where none does. */
function tagLength(value: string, line: number, column: number): number {
  const rest = (value.split('\n')[line - 1] ?? '').slice(column - 1)
  const end = rest.startsWith('{%') ? rest.indexOf('%}') : rest.startsWith('{{') ? rest.indexOf('}}') : -1
  return end < 0 ? 1 : end + 2
}

/** LiquidJS puts the place into the message (`…, line:2, col:5`) and on the error's token. */
function parseFailure(error: unknown): { message: string; line: number; column: number } {
  const text = error instanceof Error ? error.message : String(error)
  const found = /, line:(\d+)(?:, col:(\d+))?$/.exec(text)
  const message = (found ? text.slice(0, found.index) : text).replace(/\s+/g, ' ').slice(0, 160)
  return { message, line: Number(found?.[1] ?? 1), column: Number(found?.[2] ?? 1) }
}

function checkUse(context: Context, string: StringNode, names: TemplateNames, use: Variable): void {
  const [root, ...rest] = use.segments
  if (typeof root !== 'string') return
  const [first, second] = rest
  const report = (wrong: string, hint: string | undefined) => {
    const path = use.segments.map(String).join('.')
    const span = spanAt(string, use.location.row, use.location.col, path.length)
    context.report(z203, span, `\`${path.slice(0, 80)}\`: ${wrong}`, hint)
  }
  const part = (parts: readonly string[]) => {
    if (typeof first === 'string' && !parts.includes(first)) {
      report(`\`${root}\` has no \`${first}\``, didYouMean(first, parts) ?? `it has ${parts.join(', ')}`)
    }
  }
  if (root === 'case') part(members.case)
  else if (root === 'client') part(members.client)
  else if (root === 'company') part(companyParts)
  else if (root === 'purpose') checkPurpose(context, report, first, second)
  else if (names.fields.has(root)) {
    if (typeof first === 'string' && !listParts.includes(first)) report('a field has no parts', undefined)
  } else if (root !== 'purposes' && !names.incomplete) {
    report('there is no such field', didYouMean(root, [...names.fields, ...known]))
  }
}

type Report = (wrong: string, hint: string | undefined) => void
type Segment = Variable['segments'][number] | undefined

function checkPurpose(context: Context, report: Report, name: Segment, part: Segment): void {
  if (name === undefined) report('it does not say which purpose', 'write `purpose.NAME.text`')
  if (typeof name !== 'string') return
  if (!context.purposes.byName.has(name)) {
    if (!context.purposes.incomplete)
      report(`there is no purpose \`${name}\``, didYouMean(name, context.purposes.byName.keys()))
  } else if (typeof part === 'string' && !purposeParts.includes(part)) {
    report(`a purpose has no \`${part}\``, didYouMean(part, purposeParts) ?? `it has ${purposeParts.join(', ')}`)
  }
}

/** The stretch of the file where a line and column of the template's value stand. */
function spanAt(string: StringNode, line: number, column: number, length: number): Span {
  let index = 0
  for (let at = 1; at < line; at++) {
    const next = string.value.indexOf('\n', index)
    if (next < 0) break
    index = next + 1
  }
  const start = offsetOf(string, index + column - 1)
  return { source: string.span.source, start, end: Math.min(start + length, string.span.end) }
}

function offsetOf(string: StringNode, index: number): number {
  if (!string.pieces) return Math.min(string.span.start + 1 + index, string.span.end - 1)
  let found = string.pieces[0]
  for (const piece of string.pieces) {
    if (piece.value > index) break
    found = piece
  }
  return found ? Math.min(found.source + index - found.value, string.span.end - 1) : string.span.start
}
