import { z103 } from '../checks/z103-form.ts'
import type { NameKind } from '../shape.ts'
import type { Broken, Declaration, FileNode, Name } from '../tree.ts'
import { addBrokenTo, type Context } from './context.ts'
import type { Names } from './namespace.ts'

/** Words that a role can't be called: `send … to client` and `notify everyone` mean something else. */
const takenByLanguage: ReadonlySet<string> = new Set(['client', 'assignee', 'everyone'])
const longest = 64

/** Reports a name that is not `[a-z][a-z0-9_]*`, or that can't be one of its kind. */
export function checkName(context: Context, name: Name, kind: NameKind): void {
  const why = whyNoName(name.text, kind)
  if (why) context.report(z103, name.span, why.message, why.hint)
}

/** Why something can't be called by a name, if it can't. */
export function whyNoName(text: string, kind: NameKind): { message: string; hint?: string } | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(text)) {
    const message = `\`${text.slice(0, longest)}\` is no name: names are small letters a to z, digits and \`_\``
    const better = nameLike(text)
    return better ? { message, hint: `write \`${better}\`; words for people stand in the title` } : { message }
  }
  if (text.length > longest) return { message: `this name is longer than ${longest} letters` }
  if (text === 'constructor') return { message: `\`${text}\` can't be a name here`, hint: 'choose another' }
  if (kind !== 'role' || !takenByLanguage.has(text)) return undefined
  return { message: `a role can't be called \`${text}\`: the word has its own meaning`, hint: 'choose another name' }
}

function nameLike(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
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
  context.listener?.declared(names, node.name, node)
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
