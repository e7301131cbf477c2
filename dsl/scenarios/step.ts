import { isMap, type Node } from 'yaml'
import type { Decided } from '../../engine/definition.ts'
import type { Step, StepBody } from '../../engine/simulate/scenario.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import { given, place } from '../resolve/context.ts'
import { durationOf, oneOf } from '../resolve/values.ts'
import { recordIn } from '../shape.ts'
import type { Name } from '../tree.ts'
import { Body } from '../yaml/body.ts'
import { nameNode, valueNode } from '../yaml/values.ts'
import { expectationOf } from './expectation.ts'
import { isKnown, type Scope } from './scope.ts'
import { entriesOf, writtenAt, writtenIn } from './values.ts'

type Reading = (scope: Scope, body: Body, node: Node) => StepBody | undefined

/** How each kind of step is read; a step that could not be read is absent, and its problem told. */
const readings: Readonly<Record<string, Reading>> = {
  start: (scope, body) => ({ kind: 'start', values: writtenIn(scope, body, 'start') }),
  fill: (scope, body) => ({ kind: 'fill', values: writtenIn(scope, body, 'fill') }),
  move: moveOf,
  reply: (scope, body) => replyOf(scope, body.body('reply')),
  form: formOf,
  give: (scope, body) => consentOf(scope, body.name('give'), 'given'),
  refuse: (scope, body) => consentOf(scope, body.name('refuse'), 'refused'),
  withdraw: (scope, body) => consentOf(scope, body.name('withdraw'), 'withdrawn'),
  signal: (scope, body) => signalOf(scope, body.name('signal')),
  wait: waitOf,
  erase: (scope, body) => eraseOf(scope, body.names('erase') ?? []),
  expect: (scope, body) => {
    const expected = body.body('expect')
    return expected && { kind: 'expect', expected: expectationOf(scope, expected) }
  },
}

/** One step of a scenario, its names looked up. */
export function stepOf(scope: Scope, body: Body): Step | undefined {
  const key = Object.keys(readings).find((each) => body.node(each))
  const node = key === undefined ? undefined : body.node(key)
  const read = node && readings[key ?? '']?.(scope, body, node)
  if (!read) return undefined
  return { ...read, ...given('refused', body.string('refused')?.value), at: place(body.extent) }
}

function moveOf(scope: Scope, body: Body, node: Node): StepBody | undefined {
  const inner = isMap(node) ? bodyIn(body, 'move', node) : undefined
  const to = inner ? inner.name('to') : nameNode(body.reader, node)
  const by = inner?.name('by')
  const role = by && isKnown(scope, 'role', by) ? by.text : undefined
  return to && isKnown(scope, 'stage', to) ? { kind: 'move', to: to.text, ...given('by', role) } : undefined
}

function replyOf(scope: Scope, body: Body | undefined): StepBody | undefined {
  const saying = body?.string('saying')
  if (!body || !saying) return undefined
  const to = body.name('to')
  const letter = to && isKnown(scope, 'letter', to) ? to.text : undefined
  return {
    kind: 'reply',
    saying: saying.value,
    auto: body.flag('auto'),
    ...given('from', body.string('from')?.value),
    ...given('to', letter),
  }
}

function formOf(scope: Scope, body: Body, node: Node): StepBody | undefined {
  const inner = isMap(node) ? bodyIn(body, 'form', node) : undefined
  const name = inner ? inner.name('name') : nameNode(body.reader, node)
  const values = inner ? writtenAt(scope, inner.reader, inner.node('fields')) : {}
  const consents = inner ? answersIn(scope, inner) : {}
  return name && isSuitable(scope, name) ? { kind: 'form', form: name.text, values, consents } : undefined
}

function isSuitable(scope: Scope, name: Name): boolean {
  if (!isKnown(scope, 'form', name)) return false
  const { context, definition, process } = scope
  const form = definition.forms[name.text]
  if (form?.starts === process.name || form?.fills === process.name) return true
  const hint = `a form says \`starts ${process.name}\` or \`fills ${process.name}\``
  context.report(z204, name.span, `form \`${name.text}\` neither starts nor fills process \`${process.name}\``, hint)
  return false
}

function answersIn(scope: Scope, body: Body): Readonly<Record<string, 'given' | 'refused'>> {
  const answers: Record<string, 'given' | 'refused'> = {}
  for (const [purpose, value] of entriesOf(body.reader, body.node('consents'))) {
    const answer = oneOf(scope.context, nameNode(body.reader, value), ['given', 'refused'], 'answer')
    if (isKnown(scope, 'purpose', purpose) && answer) answers[purpose.text] = answer
  }
  return answers
}

function consentOf(scope: Scope, purpose: Name | undefined, decision: Decided): StepBody | undefined {
  if (!purpose || !isKnown(scope, 'purpose', purpose)) return undefined
  return { kind: 'consent', purpose: purpose.text, decision }
}

function signalOf(scope: Scope, name: Name | undefined): StepBody | undefined {
  if (name?.text === 'cases done') return { kind: 'cases done' }
  return name && isKnown(scope, 'signal', name) ? { kind: 'signal', signal: name.text } : undefined
}

function waitOf({ context }: Scope, body: Body, node: Node): StepBody | undefined {
  const duration = valueNode(body.reader, 'duration', node)
  return duration && { kind: 'wait', duration: durationOf(context, duration) }
}

function eraseOf(scope: Scope, names: readonly Name[]): StepBody {
  const fields = names.filter(({ text }) => text !== 'client')
  return {
    kind: 'erase',
    fields: fields.flatMap((name) => (isKnown(scope, 'field', name) ? [name.text] : [])),
    client: fields.length < names.length,
  }
}

/** The map that a key holds where it may also hold a single value. */
function bodyIn(body: Body, key: string, node: Node): Body | undefined {
  const shape = body.shape(key)
  const record = shape && recordIn(shape)
  return record && new Body(body.reader, node, record, body.reader.span(node))
}
