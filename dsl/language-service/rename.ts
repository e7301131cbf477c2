import { whyNoName } from '../resolve/names.ts'
import type { NameKind } from '../shape.ts'
import type { Meaning, Occurrence, SymbolIndex } from '../symbols.ts'
import { distinct } from './navigation.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** One replacement in one file. */
export interface Edit {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly text: string
}

export type Renaming = { readonly edits: readonly Edit[] } | { readonly refused: string }

/** The name at an offset that can be renamed, if there is one. */
export function renameable(workspace: WrittenWorkspace, file: string, offset: number): Occurrence | undefined {
  return workspace.analysis.symbols.at(file, offset)?.at
}

/**
 * Renames what the name at an offset stands for, in every file and both notations. Refuses where the new name is none,
 * is taken, or would make some word of the workspace mean something else than before.
 */
export function rename(workspace: WrittenWorkspace, file: string, offset: number, name: string): Renaming {
  const { symbols } = workspace.analysis
  const found = symbols.at(file, offset)
  if (!found) return { refused: 'only names of declarations, fields, stages and signals can be renamed' }
  const meanings = symbols.together(found.meanings)
  const refused = meanings.map((meaning) => whyNot(symbols, meaning, name)).find((why) => why !== undefined)
  if (refused !== undefined) return { refused }
  const places = distinct(meanings.flatMap((meaning) => symbols.occurrences(meaning)))
  const edits = places.map(({ file, start, end }) => ({ file, start, end, text: name }))
  return changesMeaning(workspace, meanings, edits, name) ?? { edits }
}

function whyNot(symbols: SymbolIndex, { kind, of, name: before }: Meaning, name: string): string | undefined {
  const why = whyNoName(name, kind)
  if (why) return why.message
  if (name === before) return undefined
  const taken = symbols.meanings.some((other) => other.kind === kind && other.of === of && other.name === name)
  return taken ? `there is a ${kind} \`${name}\` already${placeOf(kind, of)}` : undefined
}

function placeOf(kind: NameKind, of: string | undefined): string {
  return of === undefined ? '' : ` in ${kind === 'input' ? 'table' : 'process'} \`${of}\``
}

/** Whether after the edits the name stands at more or fewer places, or something is wrong that was right. */
function changesMeaning(
  workspace: WrittenWorkspace,
  meanings: readonly Meaning[],
  edits: readonly Edit[],
  name: string,
): Renaming | undefined {
  const after = workspace.with(textsAfter(workspace, edits)).analysis
  const renamed = after.symbols.meanings.filter(
    (other) => other.name === name && meanings.some(({ kind, of }) => kind === other.kind && of === other.of),
  )
  const places = distinct(renamed.flatMap((meaning) => after.symbols.occurrences(meaning)))
  const sound = places.length === edits.length && after.problems.length <= workspace.analysis.problems.length
  return sound
    ? undefined
    : { refused: `\`${name}\` has a meaning of its own at one of the places that would be renamed` }
}

function textsAfter(workspace: WrittenWorkspace, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = workspace.source(file)?.text ?? ''
    texts.set(
      file,
      applyEdits(
        text,
        edits.filter((edit) => edit.file === file),
      ),
    )
  }
  return texts
}

/** A text with edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Omit<Edit, 'file'>[]): string {
  let changed = text
  for (const { start, end, text: by } of edits.toSorted((a, b) => b.start - a.start)) {
    changed = changed.slice(0, start) + by + changed.slice(end)
  }
  return changed
}
