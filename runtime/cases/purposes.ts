import type { Definition, Process } from '../../engine/definition.ts'

/** The purposes a process holds data for or asks consent to, in the order they are declared. */
export function purposesOf(process: Process, definition: Definition): readonly string[] {
  const used = new Set(Object.values(process.fields).flatMap((field) => field.personal))
  for (const form of Object.values(definition.forms)) {
    if (form.starts !== process.name && form.fills !== process.name) continue
    for (const { ask } of form.questions) if ('consent' in ask) used.add(ask.consent)
  }
  for (const stage of Object.values(process.stages)) for (const { purpose } of stage.needs) used.add(purpose)
  return Object.keys(definition.purposes).filter((name) => used.has(name))
}
