import type { Action, Definition, Field, Form, Process, Purpose, Rule } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'

/** What a process does with people's data, as the report's questions ask it. */

export function grounds(definition: Definition): readonly Ground[] {
  return Object.values(definition.processes).map((process) => ({ definition, process }))
}

/** Every action of a process, with the rule it belongs to where it is one of a rule. */
export function actionsOf(process: Process): readonly { readonly action: Action; readonly rule?: Rule }[] {
  const stages = Object.values(process.stages)
  return [
    ...stages.flatMap(({ enter, leave }) => [...enter, ...leave].map((action) => ({ action }))),
    ...rulesOf(process).flatMap((rule) => rule.actions.map((action) => ({ action, rule }))),
  ]
}

export function rulesOf(process: Process): readonly Rule[] {
  return [...process.rules, ...Object.values(process.stages).flatMap(({ rules }) => rules)]
}

/** The forms that start or fill cases of a process. */
export function formsOf({ definition, process }: Ground): readonly Form[] {
  return Object.values(definition.forms).filter(({ starts, fills }) => (starts ?? fills) === process.name)
}

export function personalFields(process: Process): readonly Field[] {
  return Object.values(process.fields).filter(({ personal }) => personal.length > 0)
}

/**
 * The purposes that a process is about: it holds data for them, asks or needs a consent to them, or sends letters, documents and
 * calls for them. In the order they are declared.
 */
export function purposesOf(ground: Ground): readonly Purpose[] {
  const { definition, process } = ground
  const named = new Set([
    ...personalFields(process).flatMap(({ personal }) => personal),
    ...formsOf(ground).flatMap(consentsAsked),
    ...Object.values(process.stages).flatMap(({ needs }) => needs.map(({ purpose }) => purpose)),
    ...actionsOf(process).flatMap(({ action }) => purposesOfAction(definition, action)),
  ])
  return Object.values(definition.purposes).filter(({ name }) => named.has(name))
}

export function consentsAsked({ questions }: Form): readonly string[] {
  return questions.flatMap(({ ask }) => ('consent' in ask ? [ask.consent] : []))
}

function purposesOfAction(definition: Definition, action: Action): readonly string[] {
  const { letters, documents, webhooks } = definition
  const one = (declared: { readonly purpose?: string } | undefined) => declared?.purpose ?? []
  switch (action.kind) {
    case 'record consent':
      return [action.purpose]
    case 'send':
      return [own(letters, action.letter), ...action.attach.map((name) => own(documents, name))].flatMap(one)
    case 'write':
      return [own(documents, action.document)].flatMap(one)
    case 'call':
      return [own(webhooks, action.webhook)].flatMap(one)
    default:
      return []
  }
}

/** The purposes of a process that rest on the client's consent. */
export function consentsOf(ground: Ground): readonly Purpose[] {
  return purposesOf(ground).filter(restsOnConsent)
}

/** Those of them that the main service does without. */
export function extrasOf(ground: Ground): readonly Purpose[] {
  return consentsOf(ground).filter(({ necessary }) => !necessary)
}
