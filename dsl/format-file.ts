import { type Formatted, formatText } from './format/format.ts'
import { Source, type SourceFile } from './source.ts'
import { formatYaml } from './yaml/format.ts'

/** Puts a file of either notation into its one canonical layout, or says why it has none. */
export function formatFile(file: SourceFile): Formatted {
  return new Source(file).notation === 'yaml' ? formatYaml(file) : formatText(file)
}
