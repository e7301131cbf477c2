import { z103 } from './checks/z103-form.ts'
import { type Diagnostic, diagnose, inOrder } from './diagnostic.ts'
import type { Notation, Span } from './source.ts'
import { isWord } from './text/lexer.ts'
import type { FileNode, Name } from './tree.ts'
import { bases, optionTypes, plainTypes } from './vocabulary.ts'

/** What a notation has no words for in a tree that was read from the other one, as problems. `span` is the whole file. */
export function unsayable(file: FileNode, span: Span, notation: Notation): Diagnostic[] {
  return inOrder(notation === 'yaml' ? unsayableInYaml(file) : [...unsayableInText(file, '', file, span)])
}

/** Mistakes that YAML leaves no room for. */
function unsayableInYaml({ declarations }: FileNode): Diagnostic[] {
  const items = declarations.flatMap((node) => (node.kind === 'process' ? node.items : []))
  return items.flatMap((item) => {
    if (item.kind === 'enter' || item.kind === 'leave') {
      return [diagnose(z103, item.span, `YAML has no \`${item.kind}\` for a whole process`, 'put it into a stage')]
    }
    if (item.kind !== 'stage' || !item.success || item.final) return []
    return [diagnose(z103, item.span, 'YAML has no `success` without an end', 'write `final stage`')]
  })
}

/** Lists of which text has at least one member. */
const neverEmpty: ReadonlySet<string> = new Set(['rights', 'fields', 'to', 'by', 'options', 'days', 'inputs', 'parts'])
/** Properties whose list text has at least one member of. */
const listed: ReadonlySet<string> = new Set(['clients', 'recipients', 'holidays', 'require'])
/** Names of several words. */
const phrases: ReadonlySet<string> = new Set<string>([...bases, ...plainTypes, ...optionTypes, 'days between'])

/** Goes through every node. `span` is that of the smallest node around that has one. */
function* unsayableInText(value: unknown, key: string, holder: object, span: Span): Generator<Diagnostic> {
  if (typeof value !== 'object' || value === null || key === 'span' || key === 'extent' || key === 'pieces') return
  const kind = 'kind' in holder ? String(holder.kind) : ''
  if (Array.isArray(value)) {
    const mustHave =
      kind === 'call' || kind === 'in' ? false : neverEmpty.has(key) || (key === 'value' && listed.has(kind))
    if (value.length === 0 && mustHave) {
      yield diagnose(z103, span, 'Zgoda text has no empty list', 'name at least one, or take the list away')
    }
    for (const each of value) yield* unsayableInText(each, key, holder, span)
  } else if (isName(value)) {
    if (!isSayable(value, kind)) {
      yield diagnose(z103, value.span, `\`${value.text.slice(0, 40)}\` is no word of Zgoda text`)
    }
  } else {
    const inner = 'span' in value ? (value.span as Span) : span
    for (const [name, each] of Object.entries(value)) yield* unsayableInText(each, name, value, inner)
  }
}

function isName(value: object): value is Name {
  return 'text' in value && typeof value.text === 'string'
}

function isSayable({ text }: Name, kind: string): boolean {
  if (kind === 'secret') return true
  return kind === 'holidays' ? /^\d{4}-\d{2}-\d{2}$/.test(text) : isWord(text) || phrases.has(text)
}
