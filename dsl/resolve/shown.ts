import type { Shown } from '../../engine/definition.ts'
import type { Name, ShownNode } from '../tree.ts'
import { type Context, given, place } from './context.ts'
import type { ProcessScope } from './process-scope.ts'

const forClient = ['client']

/** What `show` or `edit` name, in the order of writing. */
export function shownOf(
  scope: ProcessScope,
  items: readonly (ShownNode | { readonly kind: string })[],
  kind: 'show' | 'edit',
): Shown[] {
  return items
    .filter((item): item is ShownNode => item.kind === kind)
    .flatMap((item) => {
      const to = item.to ? rolesOf(scope.context, item.to) : undefined
      return item.fields
        .filter((field) => scope.findField(field))
        .map((field) => ({ field: field.text, ...given('to', to), at: place(field.span) }))
    })
}

function rolesOf(context: Context, names: readonly Name[]): string[] {
  for (const name of names) {
    context.listener?.offered(name, [context.roles], forClient)
    if (name.text !== 'client') context.find(context.roles, name)
  }
  return [...new Set(names.map((name) => name.text))]
}
