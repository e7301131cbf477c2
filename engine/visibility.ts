import type { CaseState } from './case.ts'
import type { Shown } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'
import { rightsOf } from './rights.ts'

/** Who looks at a case: a person of the staff by their roles, or the case's client in the portal. */
export type Viewer = { readonly kind: 'staff'; readonly roles: readonly string[] } | { readonly kind: 'client' }

export type Visibility = 'read' | 'edit'

/**
 * The fields this viewer sees now, in the order of declaration, and which of them may be edited. A field out of reach
 * (no valid consent) is absent, whatever the stage says.
 */
export function visibleFields(ground: Ground, state: CaseState, viewer: Viewer): ReadonlyMap<string, Visibility> {
  const named = namedFields(ground, state, viewer)
  const seen = new Map<string, Visibility>()
  for (const field of Object.values(ground.process.fields)) {
    const visibility = named.get(field.name)
    if (visibility && inReach(ground.definition, field, state.client.consents)) seen.set(field.name, visibility)
  }
  return seen
}

/** The same before consents are looked at: what the stage and the process name for this viewer. */
export function namedFields({ process }: Ground, state: CaseState, viewer: Viewer): ReadonlyMap<string, Visibility> {
  const rights = viewer.kind === 'staff' ? rightsOf(process, viewer.roles) : new Set<string>()
  const named = new Map<string, Visibility>()
  if (viewer.kind === 'staff' && !rights.has('see') && !rights.has('edit')) return named
  const stage = own(process.stages, state.stage)
  for (const shown of [...process.show, ...(stage?.show ?? [])]) {
    if (isTo(shown, viewer)) named.set(shown.field, 'read')
  }
  const mayEdit = rights.has('edit') && state.ended === 'no'
  for (const shown of [...process.edit, ...(stage?.edit ?? [])]) {
    if (!isTo(shown, viewer)) continue
    if (mayEdit) named.set(shown.field, 'edit')
    else if (!named.has(shown.field)) named.set(shown.field, 'read')
  }
  return named
}

/** What is shown to nobody in particular is for the staff; a client sees only what is shown `to client`. */
function isTo({ to }: Shown, viewer: Viewer): boolean {
  if (viewer.kind === 'client') return to?.includes('client') ?? false
  return to === undefined || to.length === 0 || viewer.roles.some((role) => to.includes(role))
}
