import type { Place } from '../../engine/definition.ts'
import type { Check } from '../checks/check.ts'
import { z104 } from '../checks/z104-twice.ts'
import { z201 } from '../checks/z201-no-such.ts'
import { type Diagnostic, diagnose, type Hint, type Words } from '../diagnostic.ts'
import { listOf } from '../list-of.ts'
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
import type { Listener } from './listener.ts'
import { Names } from './namespace.ts'

const mostNamed = 6
/** More problems than anybody reads; to find the rest would take longer than an author waits. */
const mostProblems = 5000

/** What all the files declare, and the problems found so far. */
export class Context {
  readonly problems: Diagnostic[] = []
  /** Who is told what names stand for, if anybody is. */
  readonly listener: Listener | undefined
  readonly roles = new Names<RoleNode>('role')
  readonly purposes = new Names<PurposeNode>('purpose')
  readonly letters = new Names<LetterNode>('letter')
  readonly documents = new Names<LetterNode>('document')
  readonly forms = new Names<FormNode>('form')
  readonly processes = new Names<ProcessNode>('process')
  readonly webhooks = new Names<WebhookNode>('webhook')
  readonly tables = new Names<TableNode>('table')

  constructor(listener?: Listener) {
    this.listener = listener
  }

  report(check: Check, span: Span, message: Words, hint?: Hint): void {
    if (this.problems.length < mostProblems) this.problems.push(diagnose(check, span, message, hint))
  }

  /** What `name` stands for; reports Z201 where there is none. `undefined` also for what could not be read. */
  find<T extends { kind: string }>(names: Names<T>, name: Name, where = ''): T | undefined {
    this.listener?.offered(name, [names], [])
    const found = this.lookUp(names, name)
    if (found) return found.kind === 'broken' ? undefined : (found as T)
    this.missing(names, name, where)
    return undefined
  }

  /** What `names` holds under `name`, which then stands for it. Reports nothing. */
  lookUp<T>(names: Names<T>, name: Name): T | Broken | undefined {
    const found = names.byName.get(name.text)
    if (found) this.listener?.mentioned(names, name)
    return found
  }

  /** Reports Z201, unless the name may belong to what could not be read. */
  missing<T>(names: Names<T>, name: Name, where = '', others: Iterable<string> = []): void {
    if (names.incomplete || name.text === '' || this.problems.length >= mostProblems) return
    const hint = didYouMean(name.text, [...names.byName.keys(), ...others]) ?? thoseThereAre(names)
    this.report(z201, name.span, `there is no ${names.kind} \`${name.text}\`${where}`, hint)
  }

  /** Reports Z104 for a second declaration, naming the first. */
  twice(what: string, name: string, span: Span, first: Span): void {
    const at = place(first)
    this.report(z104, span, `${what} \`${name}\` is declared twice`, `the first stands in ${at.file}, line ${at.line}`)
  }
}

/** Which names there are, where they are few enough to help. */
function thoseThereAre<T>({ kind, byName }: Names<T>): string | undefined {
  const plural = kind === 'process' ? 'processes' : `${kind}s`
  const names = [...byName.keys()].map((name) => `\`${name}\``)
  if (names.length === 0) return `no ${kind} is declared`
  if (names.length === 1) return `the only ${kind} is ${names[0]}`
  return names.length <= mostNamed ? `the ${plural} are ${listOf(names, 'and')}` : undefined
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
