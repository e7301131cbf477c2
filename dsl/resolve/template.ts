import { Liquid, type Template, type Variable } from 'liquidjs'
import type { TemplateUse } from '../../engine/definition.ts'
import { z203 } from '../checks/z203-template.ts'
import type { Hint } from '../diagnostic.ts'
import { didYouMean, type Suggestion } from '../nearest.ts'
import type { Span } from '../source.ts'
import type { LetterNode, Name, StringNode, TextNode } from '../tree.ts'
import { members } from '../vocabulary.ts'
import { type Context, place } from './context.ts'
import type { Names } from './namespace.ts'

const partsOf: Readonly<Record<string, readonly string[] | undefined>> = {
  case: members.case,
  client: members.client,
  company: ['name', 'address', 'email', 'phone', 'officer'],
}
const purposeParts = ['name', 'title', 'text', 'keep']
/** What Liquid knows of a list. */
const listParts = ['size', 'first', 'last']

/** They go before fields of the same name. */
const known = ['case', 'client', 'company', 'purpose', 'purposes']

/** Tags that read other files: a letter stands alone. */
const fileTags = ['include', 'render', 'layout', 'block']

/** How many `{{ … }}` and `{% … %}` one template may have: Liquid takes the square of their number to tell what they name. */
const mostTags = 500
/** How long one of them may be. */
const longestTag = 1000

let liquid: Liquid | undefined

/** What templates may name, beside what the language itself gives. */
export interface TemplateNames {
  /** Of every process. */
  readonly fields: readonly Names<unknown>[]
  /** Something could not be read: a name may belong to it. */
  readonly incomplete: boolean
}

/** What a letter or document names. Reports what does not exist, and Liquid that can't be read. */
export function resolveTemplates(context: Context, node: LetterNode, names: TemplateNames): readonly TemplateUse[] {
  const bodies = node.items.filter((item) => item.kind === 'body').map((item) => item.value)
  const texts: TextNode[] = node.title ? [node.title, ...bodies] : bodies
  const named = new Map<string, TemplateUse>()
  for (const text of texts) {
    for (const part of text.parts) {
      for (const use of usesOf(context, part.words)) {
        new UseCheck(context, names, use).run()
        if (!named.has(use.name)) named.set(use.name, { name: use.name, at: place(use.span) })
      }
    }
  }
  return [...named.values()]
}

function usesOf(context: Context, string: StringNode): readonly Use[] {
  if (!string.value.includes('{{') && !string.value.includes('{%')) return []
  const excess = excessOf(string.value)
  if (excess) {
    context.report(z203, string.span, excess.message, excess.hint)
    return []
  }
  const templates = parse(context, string)
  if (!templates) return []
  const { globals } = (liquid as Liquid).analyzeSync(templates, { partials: false })
  return Object.values(globals).flatMap((variables) => variables.map((variable) => new Use(string, variable)))
}

/** What of a template is more than can be read soon. */
function excessOf(template: string): { readonly message: string; readonly hint: string } | undefined {
  const [, ...tags] = template.split(/\{[{%]/, mostTags + 2)
  if (tags.length > mostTags) {
    return {
      message: `the template has more than ${mostTags} places to fill in`,
      hint: 'write several letters or documents',
    }
  }
  if (tags.every((tag) => tag.length <= longestTag || tag.slice(0, longestTag).search(/[}%]\}/) >= 0)) return undefined
  return { message: `a place to fill in is longer than ${longestTag} letters`, hint: 'end it with `}}` or `%}`' }
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

/** What Liquid itself says in templates: `{% TAG … %}` and `| FILTER`. */
export function templateWords(): { readonly tags: readonly string[]; readonly filters: readonly string[] } {
  liquid ??= makeLiquid()
  return { tags: Object.keys(liquid.tags), filters: Object.keys(liquid.filters) }
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

/** One variable of a template, such as `purpose.offers.text`: its parts, and where each stands. */
class Use {
  /** Of a path that is written in an odd way, such as `client["name"]`, only the whole. */
  readonly parts: readonly (Name | undefined)[]
  readonly path: string
  readonly span: Span
  readonly #plain: boolean

  constructor(string: StringNode, { segments, location }: Variable) {
    this.path = segments.map(String).join('.')
    this.span = spanAt(string, location.row, location.col, this.path.length)
    const { source, start, end } = this.span
    this.#plain = source.text.slice(start, end) === this.path
    let at = start
    this.parts = segments.map((segment) => {
      if (typeof segment !== 'string') return undefined
      const part = { text: segment, span: this.#plain ? { source, start: at, end: at + segment.length } : this.span }
      at += segment.length + 1
      return part
    })
  }

  /** The field, or the whole path of what is none. */
  get name(): string {
    const [root] = this.parts
    return root && !known.includes(root.text) ? root.text : this.path
  }

  /** Whether each part stands at its own place. */
  get isPlain(): boolean {
    return this.#plain
  }

  /** A suggestion for one part, as one for the whole path. */
  meaning(index: number, hint: string | Suggestion | undefined): Hint | undefined {
    if (typeof hint !== 'object') return hint
    if (!this.#plain) return hint.words
    const parts = this.path.split('.')
    parts[index] = hint.replacement
    return { words: hint.words, replacement: parts.join('.') }
  }
}

class UseCheck {
  readonly #context: Context
  readonly #names: TemplateNames
  readonly #use: Use

  constructor(context: Context, names: TemplateNames, use: Use) {
    this.#context = context
    this.#names = names
    this.#use = use
  }

  run(): void {
    const [root, first, second] = this.#use.parts
    if (!root) return
    this.#offer(root, this.#names.fields, known)
    const parts = partsOf[root.text]
    if (parts && first) this.#checkPart(root, first, parts)
    else if (root.text === 'purpose') this.#checkPurpose(first, second)
    else if (!known.includes(root.text)) this.#checkField(root, first)
  }

  #checkField(root: Name, first: Name | undefined): void {
    const holders = this.#names.fields.filter((fields) => fields.byName.has(root.text))
    if (this.#use.isPlain) for (const fields of holders) this.#context.lookUp(fields, root)
    if (holders.length > 0) {
      if (first && !listParts.includes(first.text)) this.#report('a field has no parts')
    } else if (!this.#names.incomplete) {
      const all = this.#names.fields.flatMap((fields) => [...fields.byName.keys()])
      this.#report('there is no such field', 0, didYouMean(root.text, [...all, ...known]))
    }
  }

  #checkPurpose(name: Name | undefined, part: Name | undefined): void {
    const { purposes } = this.#context
    if (!name) {
      if (this.#use.path === 'purpose') this.#report('it does not say which purpose', 1, 'write `purpose.NAME.text`')
      return
    }
    this.#offer(name, [purposes], [])
    if (this.#use.isPlain) this.#context.lookUp(purposes, name)
    if (purposes.byName.has(name.text)) {
      if (part) this.#checkPart({ ...name, text: 'a purpose' }, part, purposeParts, 2)
    } else if (!purposes.incomplete) {
      this.#report(`there is no purpose \`${name.text}\``, 1, didYouMean(name.text, purposes.byName.keys()))
    }
  }

  #checkPart(of: Name, part: Name, parts: readonly string[], index = 1): void {
    this.#offer(part, [], parts)
    if (parts.includes(part.text)) return
    const whole = index === 1 ? `\`${of.text}\`` : of.text
    const hint = didYouMean(part.text, parts) ?? `it has ${parts.join(', ')}`
    this.#report(`${whole} has no \`${part.text}\``, index, hint)
  }

  #offer(name: Name, names: readonly Names<unknown>[], words: readonly string[]): void {
    if (this.#use.isPlain) this.#context.listener?.offered(name, names, words)
  }

  #report(wrong: string, index = 0, hint?: string | Suggestion): void {
    const { path, span } = this.#use
    this.#context.report(z203, span, `\`${path.slice(0, 80)}\`: ${wrong}`, this.#use.meaning(index, hint))
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
