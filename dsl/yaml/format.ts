import { isMap, type YAMLMap } from 'yaml'
import type { Diagnostic } from '../diagnostic.ts'
import type { Line } from '../format/doc.ts'
import type { Formatted } from '../format/format.ts'
import { textOf } from '../format/lines.ts'
import { scenariosShape } from '../scenario-shape.ts'
import { Source, type SourceFile, type Span } from '../source.ts'
import { workspaceShape } from '../workspace-shape.ts'
import { asidesOf } from './asides.ts'
import { conforms } from './conform.ts'
import { readYaml, type YamlFile } from './document.ts'
import { itemsOf } from './items.ts'
import { layOut } from './layout/layout.ts'
import { parseYaml } from './parse.ts'
import { isAfterBlankLine } from './place-comments.ts'
import { Reader } from './reader.ts'

/** Puts a file of YAML into its one canonical layout. Its comments, its anchors and all it means stay as they are. */
export function formatYaml(file: SourceFile): Formatted {
  const source = new Source(file)
  const read = readYaml(source)
  const problems = isOfScenarios(source) ? scenarioProblems(source, read) : parseYaml(source, read).problems
  return problems.length > 0 ? { problems } : { text: textOf(linesOf(source, read)) }
}

function isOfScenarios({ name }: Source): boolean {
  return /\.test\.ya?ml$/i.test(name)
}

function scenarioProblems(source: Source, { roots, targets, problems }: YamlFile): readonly Diagnostic[] {
  const reader = new Reader(source, targets)
  for (const root of roots) conforms(reader, root, scenariosShape, reader.span(root), source.name)
  return [...problems, ...reader.problems]
}

function linesOf(source: Source, { roots }: YamlFile): readonly Line[] {
  const { comments, directives, separators } = asidesOf(source)
  const documents = roots.filter((root) => isMap(root))
  if (documents.length === 0) return linesOfComments(source, comments)
  const shape = isOfScenarios(source) ? scenariosShape : workspaceShape
  const ends = endsOf(documents, separators)
  const [commentsOf, directivesOf] = [divided(comments, ends), divided(directives, ends)]
  return documents.flatMap((root, index) => {
    const top = itemsOf(source, root, commentsOf[index] ?? [])
    return [...separator(index > 0, directivesOf[index] ?? []), ...layOut(top, shape)]
  })
}

/** Where each document ends: what follows is said on the way to the next. */
function endsOf(documents: readonly YAMLMap[], separators: readonly Span[]): number[] {
  let next = 0
  const ends = documents.map(({ range }) => {
    while ((separators[next]?.start ?? Number.POSITIVE_INFINITY) <= (range?.[0] ?? 0)) next++
    return separators[next]?.start ?? Number.POSITIVE_INFINITY
  })
  return ends.with(-1, Number.POSITIVE_INFINITY)
}

/** Spans by the document that they stand in, or on the way to. */
function divided(spans: readonly Span[], ends: readonly number[]): Span[][] {
  const parts = ends.map((): Span[] => [])
  let index = 0
  for (const span of spans) {
    while (span.start >= (ends[index] ?? Number.POSITIVE_INFINITY)) index++
    parts[index]?.push(span)
  }
  return parts
}

/** What divides a document from the one before, and says how it is to be read. */
function separator(follows: boolean, directives: readonly Span[]): Line[] {
  if (directives.length === 0) return follows ? [line('---')] : []
  return [...(follows ? [line('...')] : []), ...directives.map((directive) => line(wordsOf(directive))), line('---')]
}

function linesOfComments(source: Source, comments: readonly Span[]): readonly Line[] {
  const below = comments.map((comment) => ({
    text: wordsOf(comment),
    apart: isAfterBlankLine(source, comment.start),
  }))
  return layOut({ kind: 'map', entries: [], below }, workspaceShape)
}

function wordsOf({ source, start, end }: Span): string {
  return source.text.slice(start, end)
}

function line(text: string): Line {
  return { indent: 0, text, remark: undefined }
}
