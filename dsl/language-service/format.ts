import { formatFile } from '../format-file.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** A file in its canonical layout; nothing where it can't be read as it is. */
export function format(workspace: WrittenWorkspace, file: string): string | undefined {
  const source = workspace.source(file)
  const formatted = source && formatFile(source)
  return formatted && 'text' in formatted ? formatted.text : undefined
}
