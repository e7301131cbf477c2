import type { Place } from '../../engine/definition.ts'
import type { Check } from '../checks/check.ts'
import { z104 } from '../checks/z104-twice.ts'
import { z201 } from '../checks/z201-no-such.ts'
import { type Diagnostic, diagnose } from '../diagnostic.ts'
import { didYouMean } from '../nearest.ts'
import type { Span } from '../source.ts'
import type {
  Broken,
  FormNode,
  LetterNode,
  Name,
  ProcessNode,
  PurposeNode,
  RoleNode,
  TableNode,
  WebhookNode,
} from '../tree.ts'

/** Names of one kind in one place: in the workspace, or fields or stages in a process. */
export class Names<T> {
  readonly kind: string
  readonly byName = new Map<string, T | Broken>()
  /** Something of this kind could not be read, and its name is not known. */
  incomplete = false

  constructor(kind: string) {
    this.kind = kind
  }
}

/** What all the files declare, and the problems found so far. */
export class Context {
  readonly problems: Diagnostic[] = []
  readonly roles = new Names<RoleNode>('role')
  readonly purposes = new Names<PurposeNode>('purpose')
  readonly letters = new Names<LetterNode>('letter')
  readonly documents = new Names<LetterNode>('document')
  readonly forms = new Names<FormNode>('form')
  readonly processes = new Names<ProcessNode>('process')
  readonly webhooks = new Names<WebhookNode>('webhook')
  readonly tables = new Names<TableNode>('table')

  report(check: Check, span: Span, message: string, hint?: string): void {
    this.problems.push(diagnose(check, span, message, hint))
  }

  /** What `name` stands for; reports Z201 where there is none. `undefined` also for what could not be read. */
  find<T extends { kind: string }>(names: Names<T>, name: Name, where = ''): T | undefined {
    const found = names.byName.get(name.text)
    if (found) return found.kind === 'broken' ? undefined : (found as T)
    this.missing(names, name, where)
    return undefined
  }

  /** Reports Z201, unless the name may belong to what could not be read. */
  missing<T>(names: Names<T>, name: Name, where = '', others: Iterable<string> = []): void {
    if (names.incomplete || name.text === '') return
    const hint = didYouMean(name.text, [...names.byName.keys(), ...others])
    this.report(z201, name.span, `there is no ${names.kind} \`${name.text}\`${where}`, hint)
  }

  /** Reports Z104 for a second declaration, naming the first. */
  twice(what: string, name: string, span: Span, first: Span): void {
    const at = place(first)
    this.report(z104, span, `${what} \`${name}\` is declared twice`, `the first stands in ${at.file}, line ${at.line}`)
  }
}

/** Keeps the name of what could not be read, so that its mentions are no problem. */
export function addBrokenTo<T>(names: Names<T>, node: Broken): void {
  if (!node.name) names.incomplete = true
  else if (!names.byName.has(node.name.text)) names.byName.set(node.name.text, node)
}

/** Where a span begins. */
export function place(span: Span): Place {
  return { file: span.source.name, ...span.source.position(span.start) }
}

/** `with: value` where there is a value, else nothing: absent properties stay absent. */
export function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}

/** The one item of a kind; a second is reported. */
export function single<I extends { kind: string; span: Span }, K extends I['kind']>(
  context: Context,
  items: readonly I[],
  kind: K,
): Extract<I, { kind: K }> | undefined {
  let first: I | undefined
  for (const item of items) {
    if (item.kind !== kind) continue
    if (!first) first = item
    else context.report(z104, item.span, `\`${kind}\` stands here twice`, 'keep one of them')
  }
  return first as Extract<I, { kind: K }> | undefined
}
