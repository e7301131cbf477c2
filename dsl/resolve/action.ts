import type { Action, ActionBody, Audience, Expression, Named, Recipient } from '../../engine/definition.ts'
import { z104 } from '../checks/z104-twice.ts'
import { z201 } from '../checks/z201-no-such.ts'
import { z202 } from '../checks/z202-types.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import { didYouMean } from '../nearest.ts'
import type { ActionNode, ExpressionNode, Name } from '../tree.ts'
import { given, place } from './context.ts'
import { resolveAs, resolveCondition, resolveExpression } from './expression.ts'
import type { ProcessScope } from './process-scope.ts'
import { consentPurpose } from './purpose.ts'
import { named } from './types.ts'
import { durationOf, textOf } from './values.ts'

/** Actions in the order of writing; those with a problem are left out. */
export function resolveActions(scope: ProcessScope, nodes: readonly ActionNode[]): Action[] {
  return nodes.flatMap((node) => {
    const body = resolveBody(scope, node)
    const when = node.when && resolveCondition(scope, node.when)
    return body ? [{ ...body, ...given('when', when), at: place(node.span) }] : []
  })
}

function resolveBody(scope: ProcessScope, node: ActionNode): ActionBody | undefined {
  const { context } = scope
  switch (node.kind) {
    case 'send':
      return resolveSend(scope, node)
    case 'notify': {
      const to = resolveAudience(scope, node.to)
      const text = textOf(context, node.text)
      return to && { kind: 'notify', to, text }
    }
    case 'set': {
      const field = scope.findField(node.field)
      const type = scope.typeOf(node.field.text)
      const value = type
        ? resolveAs(scope, node.value, type, `\`${node.field.text}\``)
        : resolveExpression(scope, node.value).expression
      return field && { kind: 'set', field: node.field.text, value }
    }
    case 'erase':
      return resolveErase(scope, node)
    case 'record': {
      const purpose = consentPurpose(context, node.purpose)
      return purpose === undefined
        ? undefined
        : { kind: 'record consent', purpose, decision: node.refused ? 'refused' : 'given' }
    }
    case 'assign':
      return { kind: 'assign', to: resolveAssignee(scope, node.to) }
    case 'start':
      return resolveStart(scope, node)
    case 'write':
      return context.find(context.documents, node.document) && { kind: 'write', document: node.document.text }
    case 'call': {
      const webhook = context.find(context.webhooks, node.webhook)
      const fields = node.with.filter((field) => scope.findField(field)).map((field) => field.text)
      return webhook && { kind: 'call', webhook: node.webhook.text, with: [...new Set(fields)] }
    }
    case 'go':
      return scope.findStage(node.stage) && { kind: 'go to', stage: node.stage.text }
    case 'broken':
      return undefined
  }
}

type Of<K extends ActionNode['kind']> = Extract<ActionNode, { kind: K }>

function resolveSend(scope: ProcessScope, node: Of<'send'>): ActionBody | undefined {
  const { context } = scope
  const letter = context.find(context.letters, node.letter)
  const to = resolveRecipient(scope, node.to)
  const attach = node.attach
    .filter((document) => context.find(context.documents, document))
    .map((document) => document.text)
  return letter && to && { kind: 'send', letter: node.letter.text, to, attach }
}

const recipientWords = ['client', 'assignee']
const audienceWords = ['everyone', 'assignee']
const cardWord = ['client']

/** `client`, `assignee`, a role, or a field that holds an e-mail address. */
function resolveRecipient(scope: ProcessScope, name: Name): Recipient | undefined {
  const { context } = scope
  context.listener?.offered(name, [context.roles, scope.fields], recipientWords)
  if (name.text === 'client' || name.text === 'assignee') return { kind: name.text }
  if (context.lookUp(context.roles, name)) return { kind: 'role', role: name.text }
  const field = context.lookUp(scope.fields, name)
  if (!field) {
    if (context.roles.incomplete || scope.fields.incomplete) return undefined
    const hint = didYouMean(name.text, [
      ...recipientWords,
      ...context.roles.byName.keys(),
      ...scope.fields.byName.keys(),
    ])
    context.report(z201, name.span, `there is no role or field \`${name.text}\`${scope.where}`, hint)
    return undefined
  }
  const type = field.kind === 'broken' ? undefined : field.type?.name.text
  if (type !== undefined && type !== 'email' && type !== 'client email') {
    const hint = 'letters go to `client`, `assignee`, a role, or a field of type `email` or `client email`'
    context.report(z204, name.span, `field \`${name.text}\` holds no e-mail address`, hint)
    return undefined
  }
  return { kind: 'field', field: name.text }
}

function resolveAudience(scope: ProcessScope, name: Name): Audience | undefined {
  scope.context.listener?.offered(name, [scope.context.roles], audienceWords)
  if (name.text === 'everyone' || name.text === 'assignee') return { kind: name.text }
  if (name.text === 'client') {
    scope.context.report(z204, name.span, 'notices are for staff', {
      text: 'write to the client with `send LETTER to client`',
      yaml: 'write to the client with `send: { letter: LETTER, to: client }`',
    })
    return undefined
  }
  const role = scope.context.find(scope.context.roles, name)
  return role && { kind: 'role', role: name.text }
}

/** `erase client` is the card; anything else are fields of the case. */
function resolveErase(scope: ProcessScope, node: Of<'erase'>): ActionBody | undefined {
  const [only] = node.fields
  if (only) scope.context.listener?.offered(only, [scope.fields], cardWord)
  if (node.fields.length === 1 && only?.text === 'client') {
    if (node.after)
      scope.context.report(z204, node.after.span, '`erase client` takes effect at once', {
        text: 'put it into a rule: `after … { erase client }`',
        yaml: 'put it into a rule: `after: [{ delay: …, do: [{ erase: client }] }]`',
      })
    return { kind: 'erase client' }
  }
  const fields = node.fields.filter((field) => scope.findField(field)).map((field) => field.text)
  const after = node.after && durationOf(scope.context, node.after)
  return fields.length === 0 ? undefined : { kind: 'erase', fields: [...new Set(fields)], ...given('after', after) }
}

function resolveAssignee(scope: ProcessScope, node: ExpressionNode): { role: string } | { person: Expression } {
  if (node.kind === 'word') {
    scope.context.listener?.offered(node.name, [scope.context.roles, scope.fields], [])
    if (scope.context.lookUp(scope.context.roles, node.name)) return { role: node.name.text }
  }
  if (node.kind === 'word' && !scope.typeOf(node.name.text)) {
    if (!scope.context.roles.incomplete) {
      const hint = didYouMean(node.name.text, [...scope.context.roles.byName.keys(), ...scope.fields.byName.keys()])
      scope.context.report(z201, node.span, `there is no role or field \`${node.name.text}\`${scope.where}`, hint)
    }
    return { role: node.name.text }
  }
  const person = resolveExpression(scope, node)
  if (person.type.kind !== 'person' && person.type.kind !== 'unknown') {
    scope.context.report(z202, node.span, `a case is assigned to a role or a person, and this is ${named(person.type)}`)
  }
  return { person: person.expression }
}

/** `start PROCESS with FIELD = EXPR`: the fields are the other's, the values this case's. */
function resolveStart(scope: ProcessScope, node: Of<'start'>): ActionBody | undefined {
  const { context } = scope
  const process = context.find(context.processes, node.process)
  const other = process && scope.siblings.get(node.process.text)
  const values: Record<string, Expression> = {}
  for (const { field, value } of node.with) {
    const known = other?.findField(field)
    const type = known && other?.typeOf(field.text)
    const expression = type
      ? resolveAs(scope, value, type, `\`${field.text}\` of \`${node.process.text}\``)
      : resolveExpression(scope, value).expression
    if (Object.hasOwn(values, field.text)) context.report(z104, field.span, `\`${field.text}\` stands here twice`)
    else if (known) values[field.text] = expression
  }
  return process && { kind: 'start', process: node.process.text, with: values satisfies Named<Expression> }
}
