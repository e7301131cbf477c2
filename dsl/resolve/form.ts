import type { Form, Question } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import { didYouMean } from '../nearest.ts'
import type { FormNode, Name, QuestionNode } from '../tree.ts'
import { type Context, given, place, single } from './context.ts'
import { resolveCondition } from './expression.ts'
import type { ProcessScope } from './process-scope.ts'
import { consentPurpose } from './purpose.ts'
import { titleOf } from './values.ts'

/** A form asks for fields of the one process that it starts or fills. */
export function resolveForm(
  context: Context,
  node: FormNode,
  name: string,
  processes: ReadonlyMap<string, ProcessScope>,
): Form {
  const starts = single(context, node.items, 'starts')
  const fills = single(context, node.items, 'fills')
  const target = starts ?? fills
  if (starts && fills) context.report(z104, fills.span, 'a form either starts a process or fills one', 'make two forms')
  if (!target && !node.items.some((item) => item.kind === 'broken')) {
    context.report(z103, node.span, `form \`${name}\` starts no process and fills none`, {
      text: 'write `starts PROCESS` or `fills PROCESS`',
      yaml: 'write `starts: PROCESS` or `fills: PROCESS`',
    })
  }
  const scope = target && processOf(context, target.kind, target.value, processes)
  const asked = node.items.filter((item) => item.kind === 'ask')
  reportTwice(context, asked)
  return {
    name,
    title: titleOf(context, name, node.title),
    ...given('starts', starts?.value.text),
    ...given('fills', starts ? undefined : fills?.value.text),
    questions: asked.flatMap((question) => resolveQuestion(context, question, scope)),
    at: place(node.span),
  }
}

function processOf(
  context: Context,
  kind: 'starts' | 'fills',
  name: Name,
  processes: ReadonlyMap<string, ProcessScope>,
): ProcessScope | undefined {
  context.listener?.offered(name, [context.processes], [])
  context.lookUp(context.processes, name)
  const scope = processes.get(name.text)
  if (!scope && !context.processes.incomplete && !context.processes.byName.has(name.text)) {
    const hint = didYouMean(name.text, context.processes.byName.keys())
    context.report(z204, name.span, `the form ${kind} \`${name.text}\`, and there is no such process`, hint)
  }
  return scope
}

function reportTwice(context: Context, questions: readonly QuestionNode[]): void {
  const seen = new Set<string>()
  for (const { field, consent, span } of questions) {
    const key = field ? `field ${field.text}` : `consent ${consent?.text}`
    if (seen.has(key))
      context.report(z104, span, `the form asks for \`${(field ?? consent)?.text}\` twice`, 'keep one of them')
    seen.add(key)
  }
}

function resolveQuestion(context: Context, node: QuestionNode, scope: ProcessScope | undefined): Question[] {
  const field = node.field && (!scope || scope.findField(node.field)) ? node.field.text : undefined
  const consent = node.consent && consentPurpose(context, node.consent)
  const when = node.when && scope && resolveCondition(scope, node.when)
  const ask = consent !== undefined ? { consent } : field !== undefined ? { field } : undefined
  return ask ? [{ ask, required: node.required, ...given('when', when), at: place(node.span) }] : []
}
