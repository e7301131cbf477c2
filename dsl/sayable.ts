import { weekdays } from '../engine/definition.ts'
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

/** Goes through every node. `span` is that of the smallest node around that has one. */
function* unsayableInText(value: unknown, key: string, holder: object, span: Span): Generator<Diagnostic> {
  if (typeof value !== 'object' || value === null || key === 'span' || key === 'extent' || key === 'pieces') return
  if (Array.isArray(value)) {
    for (const each of value) yield* unsayableInText(each, key, holder, span)
  } else if (isName(value)) {
    if (!isSayable(value, key, holder)) {
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

function isSayable({ text }: Name, key: string, holder: object): boolean {
  const kind = kindOf(holder)
  if (kind === 'secret') return true
  if (kind === 'holidays') return /^\d{4}-\d{2}-\d{2}$/.test(text)
  // Working hours begin with their day.
  if (kind === '' && (key === 'from' || key === 'to')) return (weekdays as readonly string[]).includes(text)
  return isWord(text) || phrasesOf(key, holder).includes(text)
}

/** Names of several words, by where they stand. */
function phrasesOf(key: string, holder: object): readonly string[] {
  const kind = kindOf(holder)
  if (kind === 'basis') return bases
  if (key !== 'name') return []
  if (kind === 'call') return ['days between']
  return kind === '' && !('type' in holder) ? [...plainTypes, ...optionTypes] : []
}

function kindOf(holder: object): string {
  return 'kind' in holder ? String(holder.kind) : ''
}
