import type { Action, Definition, Expression, Process } from '../definition.ts'
import { fieldsIn } from '../verify/reading.ts'
import { actsOf, rulesOf } from './acts.ts'
import { clientAddresses, fieldsOfDocument, fieldsOfLetter } from './personal-data.ts'

/**
 * The fields of a process that serve something: shown, written, sent, or read by a rule. To fill one in or erase it serves
 * nothing by itself; but what several stages edit is worked on, and a long text is written to be read in that place.
 */
export function fieldsUsed(definition: Definition, process: Process): ReadonlySet<string> {
  return new Set([
    ...shown(process),
    ...worked(process),
    ...actsOf(process).flatMap(({ action }) => [...usedBy(definition, process, action), ...read(action.when)]),
    ...rulesOf(process).flatMap(({ when, trigger }) => [
      ...read(when),
      ...(trigger.kind === 'at' ? fieldsIn(trigger.time) : []),
    ]),
    ...Object.values(process.fields).flatMap((field) => read(field.default)),
    ...Object.values(process.stages).flatMap((stage) => stage.require.map(({ field }) => field)),
    ...Object.values(definition.forms)
      .filter((form) => (form.starts ?? form.fills) === process.name)
      .flatMap((form) => form.questions.flatMap(({ when }) => read(when))),
  ])
}

function shown({ show, stages }: Process): readonly string[] {
  return [...show, ...Object.values(stages).flatMap((stage) => stage.show)].map(({ field }) => field)
}

function worked(process: Process): readonly string[] {
  const everywhere = process.edit.map(({ field }) => field)
  const stages = Object.values(process.stages)
  const others = Object.values(process.fields).filter(({ name, type }) => {
    const count = stages.filter((stage) => stage.edit.some(({ field }) => field === name)).length
    return count > 1 || (count === 1 && type.kind === 'long text')
  })
  return [...everywhere, ...others.map(({ name }) => name)]
}

function usedBy(definition: Definition, process: Process, action: Action): readonly string[] {
  switch (action.kind) {
    case 'send':
      return [
        ...fieldsOfLetter(definition, action.letter),
        ...action.attach.flatMap((document) => fieldsOfDocument(definition, document)),
        ...(action.to.kind === 'field' ? [action.to.field] : []),
        ...(action.to.kind === 'client' ? clientAddresses(process).map(({ name }) => name) : []),
      ]
    case 'write':
      return fieldsOfDocument(definition, action.document)
    case 'call':
      return action.with
    case 'set':
      return fieldsIn(action.value)
    case 'start':
      return Object.values(action.with).flatMap(fieldsIn)
    case 'assign':
      return 'person' in action.to ? fieldsIn(action.to.person) : []
    default:
      return []
  }
}

function read(expression: Expression | undefined): readonly string[] {
  return expression ? fieldsIn(expression) : []
}
