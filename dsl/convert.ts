import type { Diagnostic } from './diagnostic.ts'
import type { Formatted } from './format/format.ts'
import { printText } from './format/print.ts'
import { unsayable } from './sayable.ts'
import { type Notation, Source, type SourceFile, type Span } from './source.ts'
import { parseText } from './text/parse.ts'
import type { FileNode } from './tree.ts'
import { asidesOf } from './yaml/asides.ts'
import { withEndings } from './yaml/endings.ts'
import { parseYaml } from './yaml/parse.ts'
import { printYaml } from './yaml/print.ts'

/** A file in the other notation, with its comments; or why it has none there. */
export function convertFile(file: SourceFile): Formatted {
  const source = new Source(file)
  return source.notation === 'yaml' ? toText(source) : toYaml(source)
}

function toYaml(source: Source): Formatted {
  const { tree, comments, problems } = parseText(source)
  return converted(tree, source, 'yaml', problems, () => printYaml(tree, comments))
}

function toText(source: Source): Formatted {
  const { tree, problems } = parseYaml(source)
  return converted(tree, source, 'text', problems, () => {
    const comments = asidesOf(source).comments.filter(isForPeople)
    return printText(withEndings(tree, comments), comments)
  })
}

function converted(
  tree: FileNode,
  source: Source,
  to: Notation,
  problems: readonly Diagnostic[],
  print: () => string,
): Formatted {
  if (problems.length > 0) return { problems }
  const unsaid = unsayable(tree, { source, start: 0, end: 0 }, to)
  return unsaid.length > 0 ? { problems: unsaid } : { text: print() }
}

/** All but what tells an editor the schema of a YAML file. */
function isForPeople({ source, start, end }: Span): boolean {
  return !/^#\s*yaml-language-server:/.test(source.text.slice(start, end))
}
