import { join, type Span } from '../source.ts'
import type { Declaration, Name, ProcessItem, ProcessNode } from '../tree.ts'
import { summaryOf, titleOf } from './describe.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** A declaration of a file, with those in it. */
export interface OutlineItem {
  readonly name: string
  readonly kind: Exclude<Declaration['kind'], 'broken'> | 'field' | 'stage'
  readonly detail?: string
  /** All of it. */
  readonly span: Span
  /** Its name. */
  readonly nameSpan: Span
  readonly items: readonly OutlineItem[]
}

/** What a file declares, in the order of writing. */
export function outline(workspace: WrittenWorkspace, file: string): readonly OutlineItem[] {
  return (workspace.tree(file)?.declarations ?? []).flatMap((node) => {
    if (node.kind === 'broken') return []
    if (node.kind !== 'company' && node.kind !== 'hours')
      return node.name ? [itemOf(node, node.name, innerOf(node))] : []
    const span = join(node.span, node.extent ?? node.span)
    const detail = node.kind === 'company' ? node.title?.value : undefined
    return [{ name: node.kind, kind: node.kind, ...(detail ? { detail } : {}), span, nameSpan: node.span, items: [] }]
  })
}

type NamedNode = Extract<Declaration | ProcessItem, { readonly name: Name | undefined }>

function itemOf(node: NamedNode, name: Name, items: readonly OutlineItem[]): OutlineItem {
  const detail = titleOf(node) ?? summaryOf(node)
  const span = join(node.span, node.extent ?? node.span)
  return { name: name.text, kind: node.kind, ...(detail ? { detail } : {}), span, nameSpan: name.span, items }
}

function innerOf(node: Declaration): readonly OutlineItem[] {
  if (node.kind !== 'process') return []
  return (node as ProcessNode).items.flatMap((item) =>
    (item.kind === 'field' || item.kind === 'stage') && item.name ? [itemOf(item, item.name, [])] : [],
  )
}
