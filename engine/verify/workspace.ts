import type { Action, Definition, Form, Process } from '../definition.ts'

/** Every action of a process, wherever it stands. */
export function everyAction(process: Process): readonly Action[] {
  const stages = Object.values(process.stages)
  return [
    ...process.rules.flatMap((rule) => rule.actions),
    ...stages.flatMap((stage) => [...stage.enter, ...stage.leave, ...stage.rules.flatMap((rule) => rule.actions)]),
  ]
}

/** What processes of a workspace ask of each other; worked out once for all of them. */
interface Together {
  /** The purposes that a form's question or a rule of any process asks for. */
  readonly asked: ReadonlySet<string>
  /** The processes of which a form or a rule asks for a purpose. */
  readonly askedBy: ReadonlyMap<string, ReadonlySet<string>>
  /** The forms of each process. */
  readonly forms: ReadonlyMap<string, readonly Form[]>
  /** The fields that rules fill in when they start a case, by its process. */
  readonly given: ReadonlyMap<string, ReadonlySet<string>>
}

const known = new WeakMap<Definition, Together>()

function together(definition: Definition): Together {
  const found = known.get(definition)
  if (found) return found
  const asked = new Set<string>()
  const askedBy = new Map<string, Set<string>>()
  const given = new Map<string, Set<string>>()
  const forms = Map.groupBy(Object.values(definition.forms), ({ starts, fills }) => starts ?? fills ?? '')
  for (const { questions, starts, fills } of Object.values(definition.forms)) {
    for (const { ask } of questions) {
      if (!('consent' in ask)) continue
      asked.add(ask.consent)
      addTo(askedBy, ask.consent, [starts ?? fills ?? ''])
    }
  }
  for (const process of Object.values(definition.processes)) {
    for (const action of everyAction(process)) {
      if (action.kind === 'record consent') {
        if (action.decision === 'given') asked.add(action.purpose)
        addTo(askedBy, action.purpose, [process.name])
      }
      if (action.kind === 'start') addTo(given, action.process, Object.keys(action.with))
    }
  }
  const made: Together = { asked, askedBy, forms, given }
  known.set(definition, made)
  return made
}

function addTo(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = map.get(key) ?? new Set<string>()
  for (const value of values) set.add(value)
  map.set(key, set)
}

/** The forms that start or fill a process. */
export function formsOf(definition: Definition, process: string): readonly Form[] {
  return together(definition).forms.get(process) ?? []
}

/** The purposes that something in the workspace asks for. */
export function askedIn(definition: Definition): ReadonlySet<string> {
  return together(definition).asked
}

/** Whether nothing but this process and its forms asks for a consent. */
export function isAskedHereAlone(definition: Definition, process: string, purpose: string): boolean {
  const { asked, askedBy } = together(definition)
  return asked.has(purpose) && [...(askedBy.get(purpose) ?? [])].every((other) => other === process)
}

/** The fields that rules of other processes fill in when they start a case of this one. */
export function givenByOthers(definition: Definition, process: string): readonly string[] {
  return [...(together(definition).given.get(process) ?? [])]
}
