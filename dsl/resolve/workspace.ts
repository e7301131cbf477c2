import type { Definition, Named } from '../../engine/definition.ts'
import { type Diagnostic, inOrder } from '../diagnostic.ts'
import type { Broken, CompanyNode, FileNode, HoursNode } from '../tree.ts'
import { Context, given } from './context.ts'
import {
  resolveCompany,
  resolveDocument,
  resolveHours,
  resolveLetter,
  resolveRole,
  resolveWebhook,
} from './declarations.ts'
import { resolveForm } from './form.ts'
import type { Listener } from './listener.ts'
import { collectNames } from './names.ts'
import type { Names } from './namespace.ts'
import { resolveProcess } from './process.ts'
import { ProcessScope } from './process-scope.ts'
import { resolvePurpose } from './purpose.ts'
import { resolveTable } from './table.ts'
import type { TemplateNames } from './template.ts'

export interface Resolved {
  readonly definition: Definition
  readonly problems: readonly Diagnostic[]
}

/**
 * Merges the files' declarations into one definition, names looked up and types checked. Their order means nothing.
 * `listener` is told what each name stands for.
 */
export function resolveWorkspace(files: readonly FileNode[], listener?: Listener): Resolved {
  const context = new Context(listener)
  for (const file of files) collectNames(context, file)
  const processes = scopesOf(context)
  const templateNames = templateNamesOf(context, processes)
  const all = files.flatMap((file) => file.declarations)
  const company = onlyOne(
    context,
    all.filter((node) => node.kind === 'company'),
    'the',
  )
  const hours = onlyOne(
    context,
    all.filter((node) => node.kind === 'hours'),
    'working',
  )
  const definition: Definition = {
    ...given('company', company && resolveCompany(context, company)),
    ...given('hours', hours && resolveHours(context, hours)),
    roles: each(context.roles, (node, name) => resolveRole(context, node, name)),
    purposes: each(context.purposes, (node, name) => resolvePurpose(context, node, name)),
    letters: each(context.letters, (node, name) => resolveLetter(context, node, name, templateNames)),
    documents: each(context.documents, (node, name) => resolveDocument(context, node, name, templateNames)),
    forms: each(context.forms, (node, name) => resolveForm(context, node, name, processes)),
    processes: each(context.processes, (node, name) => {
      const scope = processes.get(name) ?? new ProcessScope(context, node, name, processes)
      return resolveProcess(scope, node)
    }),
    tables: each(context.tables, (node, name) => resolveTable(context, node, name)),
    webhooks: each(context.webhooks, (node, name) => resolveWebhook(context, node, name)),
  }
  return { definition, problems: inOrder(context.problems) }
}

function scopesOf(context: Context): ReadonlyMap<string, ProcessScope> {
  const scopes = new Map<string, ProcessScope>()
  for (const [name, node] of context.processes.byName) {
    if (node.kind === 'process') scopes.set(name, new ProcessScope(context, node, name, scopes))
  }
  return scopes
}

function each<N extends { readonly kind: string }, T>(
  names: Names<N>,
  resolve: (node: N, name: string) => T,
): Named<T> {
  const resolved: Record<string, T> = {}
  for (const [name, node] of names.byName) if (!isBroken(node)) resolved[name] = resolve(node, name)
  return resolved
}

function isBroken(node: { readonly kind: string }): node is Broken {
  return node.kind === 'broken'
}

/** The first of what stands once a workspace. */
function onlyOne<N extends CompanyNode | HoursNode>(
  context: Context,
  nodes: readonly N[],
  what: string,
): N | undefined {
  const [first, ...more] = nodes
  for (const node of more) if (first) context.twice(what, node.kind, node.span, first.span)
  return first
}

function templateNamesOf(context: Context, processes: ReadonlyMap<string, ProcessScope>): TemplateNames {
  const scopes = [...processes.values()]
  return {
    fields: scopes.map((scope) => scope.fields),
    incomplete: context.processes.incomplete || scopes.some((scope) => scope.fields.incomplete) || hasBroken(context),
  }
}

function hasBroken(context: Context): boolean {
  return [...context.processes.byName.values()].some(isBroken)
}
