import { isMap } from 'yaml'
import { z103 } from '../checks/z103-form.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { Source } from '../source.ts'
import type { Broken, Declaration, FileNode } from '../tree.ts'
import { type DeclarationKind, declarations } from '../vocabulary.ts'
import { workspaceShape } from '../workspace-shape.ts'
import { Body } from './body.ts'
import { conforms, firstLine } from './conform.ts'
import { declarationsOf } from './declarations.ts'
import { readYaml } from './document.ts'
import { Reader } from './reader.ts'

export interface ParsedYaml {
  readonly tree: FileNode
  readonly problems: readonly Diagnostic[]
}

const kinds = Object.keys(declarations) as DeclarationKind[]

/** Reads a file of YAML into the same tree as Zgoda text. Never throws: what can't be read becomes problems. */
export function parseYaml(source: Source, file = readYaml(source)): ParsedYaml {
  const { roots, problems, targets, end } = file
  const reader = new Reader(source, targets)
  const read = roots.flatMap((root): Declaration[] => {
    if (!reader.node(root)) return []
    if (!isMap(root)) {
      const hint = 'a workspace begins with `company:`, `processes:` or another kind of declaration'
      reader.report(z103, firstLine(reader, root), 'this file is no map of declarations', hint)
      return []
    }
    conforms(reader, root, workspaceShape, reader.span(root), source.name)
    return readTop(new Body(reader, root, workspaceShape, reader.span(root)))
  })
  const relied = read.map((declaration) => upTo(end, declaration))
  // What can't be read may have declared anything.
  const lost: Broken[] = Number.isFinite(end) ? [{ kind: 'broken', span: { source, start: end, end } }] : []
  const found = reader.problems.filter((problem) => !Number.isFinite(end) || isBefore(source, problem, end))
  return { tree: { declarations: [...relied, ...lost] }, problems: [...problems, ...found] }
}

/** A declaration that goes past a mistake of YAML may say anything: its name alone is known. */
function upTo(end: number, declaration: Declaration): Declaration {
  const { kind, span } = declaration
  const extent = 'extent' in declaration ? declaration.extent : undefined
  if (kind === 'broken' || (extent ?? span).end < end) return declaration
  return {
    kind: 'broken',
    of: kind,
    ...('name' in declaration && declaration.name ? { name: declaration.name } : {}),
    span,
  }
}

function isBefore(source: Source, { line, column }: Diagnostic, end: number): boolean {
  const at = source.position(end)
  return line < at.line || (line === at.line && column < at.column)
}

function readTop(top: Body): Declaration[] {
  return [...kinds.flatMap((kind) => declarationsOf(top, kind)), ...top.broken]
}
