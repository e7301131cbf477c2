import type { Diagnostic } from '../diagnostic.ts'
import { Source, type SourceFile } from '../source.ts'
import { parseText } from '../text/parse.ts'
import { printText } from './print.ts'

/** A file in its canonical layout, or why it has none: what can't be read is not touched. */
export type Formatted = { readonly text: string } | { readonly problems: readonly Diagnostic[] }

/** Puts a file of Zgoda text into its one canonical layout. Its comments and all it means stay as they are. */
export function formatText(file: SourceFile): Formatted {
  const { tree, comments, problems } = parseText(new Source(file))
  return problems.length > 0 ? { problems } : { text: printText(tree, comments) }
}
