import { z103 } from '../checks/z103-form.ts'
import type { Broken, Declaration, FileNode, Name } from '../tree.ts'
import { addBrokenTo, type Context, type Names } from './context.ts'

/** Words that a role can't be called: `send … to client` and `notify everyone` mean something else. */
const takenByLanguage: ReadonlySet<string> = new Set(['client', 'assignee', 'everyone'])
const longest = 64

/** Reports a name that is not `[a-z][a-z0-9_]*`. */
export function checkName(context: Context, name: Name, kind: string): void {
  const { text, span } = name
  if (!/^[a-z][a-z0-9_]*$/.test(text)) {
    const better = text
      .normalize('NFD')
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, '')
      .replace(/^[^a-z]+/, '')
    const hint = better ? `write \`${better.slice(0, longest)}\`; words for people stand in the title` : undefined
    context.report(
      z103,
      span,
      `\`${text.slice(0, longest)}\` is no name: names are small letters a to z, digits and \`_\``,
      hint,
    )
  } else if (text.length > longest) {
    context.report(z103, span, `this name is longer than ${longest} letters`)
  } else if (text === 'constructor') {
    context.report(z103, span, `\`${text}\` can't be a name here`, 'choose another')
  } else if (kind === 'role' && takenByLanguage.has(text)) {
    context.report(
      z103,
      span,
      `a role can't be called \`${text}\`: the word has its own meaning`,
      'choose another name',
    )
  }
}

/** Puts every declaration of a file under its name; a second of the same name is reported. */
export function collectNames(context: Context, file: FileNode): void {
  for (const declaration of file.declarations) {
    if (declaration.kind === 'broken') addBroken(context, declaration)
    else if (declaration.kind !== 'company' && declaration.kind !== 'hours') add(context, declaration)
  }
}

type NamedDeclaration = Exclude<Declaration, Broken | { kind: 'company' | 'hours' }>

function add(context: Context, node: NamedDeclaration): void {
  const names = namesOf(context, node.kind) as Names<NamedDeclaration> | undefined
  if (!names) return
  if (!node.name) {
    names.incomplete = true
    return
  }
  const first = names.byName.get(node.name.text)
  if (first) context.twice(node.kind, node.name.text, node.name.span, first.name?.span ?? first.span)
  else {
    checkName(context, node.name, node.kind)
    names.byName.set(node.name.text, node)
  }
}

function addBroken(context: Context, node: Broken): void {
  const names = node.of === undefined ? undefined : namesOf(context, node.of)
  if (names) addBrokenTo(names, node)
  else for (const each of allNames(context)) each.incomplete = true
}

function allNames(context: Context): Names<unknown>[] {
  const { roles, purposes, letters, documents, forms, processes, webhooks, tables } = context
  return [roles, purposes, letters, documents, forms, processes, webhooks, tables]
}

function namesOf(context: Context, kind: string): Names<unknown> | undefined {
  return allNames(context).find((names) => names.kind === kind)
}
