import type { Process, Text } from '../../../engine/definition.ts'
import { inLanguage } from '../../../engine/text.ts'
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

function processIn(visit: Visit, name: string): Process | undefined {
  const { processes } = visit.site.ports.workspace.definition()
  return Object.hasOwn(processes, name) ? processes[name] : undefined
}

function titled(visit: Visit, declared: Readonly<Record<string, { readonly title: Text }>> = {}, name: string): string {
  const title = Object.hasOwn(declared, name) ? inLanguage(declared[name]?.title ?? {}, visit.language) : ''
  return title || inWords(name)
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ')
}
