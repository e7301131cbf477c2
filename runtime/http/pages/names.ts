import type { Process, Text } from '../../../engine/definition.ts'
import { formatValue, inLanguage } from '../../../engine/text.ts'
import { reasonIn } from '../../reasons.ts'
import { type Part, sentence } from '../html.ts'
import type { FieldView } from '../ports.ts'
import type { Visit } from './visit.ts'

/*
 * What people read for the names of a workspace: their titles. An old case may name what the workspace has no more; that
 * name is shown in words.
 */

/** `Order 12`. */
export function caseName(visit: Visit, process: string | { readonly title: Text }, number: string): string {
  const { title } = typeof process === 'string' ? (processIn(visit, process) ?? { title: {} }) : process
  return `${inLanguage(title, visit.language)} ${number}`.trim()
}

export function stageName(visit: Visit, process: string, stage: string): string {
  return titled(visit, processIn(visit, process)?.stages, stage)
}

export function fieldName(visit: Visit, process: string, field: string): string {
  return titled(visit, processIn(visit, process)?.fields, field)
}

/** A field's value as people read it. */
export function fieldValue({ language }: Visit, { value, type, label }: FieldView): string {
  return label ?? formatValue(value, type, language)
}

/** Whom or what an action was for: a role, a process or a document by its title, a person by name. */
export function targetName(visit: Visit, type: string, target: string): string {
  const { roles, processes } = visit.site.ports.workspace.definition()
  if (type === 'start') return titled(visit, processes, target)
  return type === 'assign' || type === 'notify' ? titledElse(visit, roles, target) : inWords(target)
}

export function purposeName(visit: Visit, purpose: string): string {
  return titled(visit, visit.site.ports.workspace.definition().purposes, purpose)
}

/** A letter's title without what its template fills in. */
export function letterName(visit: Visit, name: string): string {
  const { letters } = visit.site.ports.workspace.definition()
  const subject = Object.hasOwn(letters, name) ? inLanguage(letters[name]?.subject ?? {}, visit.language) : ''
  const title = subject
    .replace(/\{\{.*?\}\}|\{%.*?%\}/gs, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return title || inWords(name)
}

/** A reason in the reader's language, where it is one of ours, with the titles of letters and purposes for their names in backticks. */
export function reason(visit: Visit, because: string): readonly Part[] {
  const { letters, purposes } = visit.site.ports.workspace.definition()
  const titled = reasonIn(visit.language, because).replace(/`([a-z][a-z0-9_]*)`/g, (quoted, name: string) => {
    if (Object.hasOwn(letters, name)) return `“${letterName(visit, name)}”`
    return Object.hasOwn(purposes, name) ? `“${purposeName(visit, name)}”` : quoted
  })
  return sentence(titled)
}

function processIn(visit: Visit, name: string): Process | undefined {
  const { processes } = visit.site.ports.workspace.definition()
  return Object.hasOwn(processes, name) ? processes[name] : undefined
}

function titled(visit: Visit, declared: Readonly<Record<string, { readonly title: Text }>> = {}, name: string): string {
  const title = Object.hasOwn(declared, name) ? inLanguage(declared[name]?.title ?? {}, visit.language) : ''
  return title || inWords(name)
}

/** A name of somebody stays as it is. */
function titledElse(visit: Visit, declared: Readonly<Record<string, { readonly title: Text }>>, name: string): string {
  return Object.hasOwn(declared, name) ? titled(visit, declared, name) : name
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ')
}
