import type { Definition, Named, Process } from '../../engine/definition.ts'
import type { Context } from '../resolve/context.ts'
import { Names } from '../resolve/namespace.ts'
import type { NameKind } from '../shape.ts'
import type { Name } from '../tree.ts'

type Kind = Extract<NameKind, 'role' | 'purpose' | 'letter' | 'form' | 'field' | 'stage' | 'signal'>

/** What the names of a scenario may stand for, and where problems are told. */
export interface Scope {
  readonly context: Context
  readonly definition: Definition
  readonly process: Process
  readonly names: Readonly<Record<Kind, Names<Declared>>>
}

interface Declared {
  readonly kind: 'declared'
}

export function scopeOf(context: Context, definition: Definition, process: Process): Scope {
  const of = (kind: Kind, declared: Named<unknown>, within?: string) => namesOf(kind, Object.keys(declared), within)
  const { name, fields, stages } = process
  return {
    context,
    definition,
    process,
    names: {
      role: of('role', definition.roles),
      purpose: of('purpose', definition.purposes),
      letter: of('letter', definition.letters),
      form: of('form', definition.forms),
      field: of('field', fields, name),
      stage: of('stage', stages, name),
      signal: namesOf('signal', signalsIn(process), name),
    },
  }
}

export function namesOf(kind: NameKind, declared: readonly string[], within?: string): Names<Declared> {
  const names = new Names<Declared>(kind, within)
  for (const name of declared) names.byName.set(name, { kind: 'declared' })
  return names
}

/** Signals are declared nowhere: those that rules wait for. */
function signalsIn({ rules, stages }: Process): readonly string[] {
  const all = [...rules, ...Object.values(stages).flatMap((stage) => stage.rules)]
  return all.flatMap(({ trigger }) => (trigger.kind === 'signal' ? [trigger.signal] : []))
}

/** Whether there is something of this name; reports Z201 where there is not. */
export function isKnown({ context, names }: Scope, kind: Kind, name: Name): boolean {
  const of = names[kind]
  return context.find(of, name, of.of === undefined ? '' : ` in process \`${of.of}\``) !== undefined
}

/** Those of the names that there are. */
export function known(scope: Scope, kind: Kind, names: readonly Name[]): readonly string[] {
  return names.flatMap((name) => (isKnown(scope, kind, name) ? [name.text] : []))
}
