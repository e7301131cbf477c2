import { isMap, type Node } from 'yaml'
import type { ActionBodyNode, ActionNode } from '../tree.ts'
import { type ActionKey, actionKeys } from '../workspace-shape.ts'
import { Body } from './body.ts'
import { expressionNode, nameNode, nameNodes, valueNode } from './values.ts'

/** The actions of a list, in order. */
export function actionsOf(body: Body, key: string): ActionNode[] {
  return body.bodies(key).map(actionOf)
}

function actionOf(body: Body): ActionNode {
  const key = (Object.keys(actionKeys) as ActionKey[]).find((each) => body.node(each))
  const node = key && body.node(key)
  const when = body.expression('when')
  const read = key && node ? readers[key](body, node) : undefined
  return { ...(read ?? { kind: 'broken' }), ...(when ? { when } : {}), span: body.extent }
}

type ReadAction = (body: Body, node: Node) => ActionBodyNode | undefined

const readers: Readonly<Record<ActionKey, ReadAction>> = {
  send: (body, node) => {
    const inner = new Body(body.reader, node, actionKeys.send.shape, body.reader.span(node))
    const [letter, to] = [inner.name('letter'), inner.name('to')]
    return letter && to && { kind: 'send', letter, to, attach: inner.names('attach') ?? [] }
  },
  notify: (body, node) => {
    const inner = new Body(body.reader, node, actionKeys.notify.shape, body.reader.span(node))
    const [to, text] = [inner.name('to'), inner.text('text')]
    return to && text && { kind: 'notify', to, text }
  },
  set: (body, node) => {
    const inner = new Body(body.reader, node, actionKeys.set.shape, body.reader.span(node))
    const [field, value] = [inner.name('field'), inner.expression('to')]
    return field && value && { kind: 'set', field, value }
  },
  erase: (body, node) => {
    if (!isMap(node)) return { kind: 'erase', fields: nameNodes(body.reader, node) }
    const inner = new Body(body.reader, node, actionKeys.erase.shape, body.reader.span(node))
    const after = inner.read('after', (reader, delay) => valueNode(reader, 'duration', delay))
    return { kind: 'erase', fields: inner.names('fields') ?? [], ...(after ? { after } : {}) }
  },
  recordConsent: (body, node) => {
    if (!isMap(node)) return { kind: 'record', purpose: nameNode(body.reader, node), refused: false }
    const inner = new Body(body.reader, node, actionKeys.recordConsent.shape, body.reader.span(node))
    const purpose = inner.name('to')
    return purpose && { kind: 'record', purpose, refused: inner.name('as')?.text === 'refused' }
  },
  assign: (body, node) => ({ kind: 'assign', to: expressionNode(body.reader, node) }),
  start: (body, node) => {
    if (!isMap(node)) return { kind: 'start', process: nameNode(body.reader, node), with: [] }
    const inner = new Body(body.reader, node, actionKeys.start.shape, body.reader.span(node))
    const process = inner.name('process')
    return process && { kind: 'start', process, with: givenValues(inner) }
  },
  write: (body, node) => ({ kind: 'write', document: nameNode(body.reader, node) }),
  call: (body, node) => {
    if (!isMap(node)) return { kind: 'call', webhook: nameNode(body.reader, node), with: [] }
    const inner = new Body(body.reader, node, actionKeys.call.shape, body.reader.span(node))
    const webhook = inner.name('webhook')
    return webhook && { kind: 'call', webhook, with: inner.names('with') ?? [] }
  },
  goTo: (body, node) => ({ kind: 'go', stage: nameNode(body.reader, node) }),
}

function givenValues(inner: Body) {
  const node = inner.node('with')
  if (!node || !isMap(node)) return []
  return inner.reader.entries(node).flatMap(({ key, value }) => {
    if (!value || inner.reader.bad.has(value)) return []
    return [{ field: key, value: expressionNode(inner.reader, value) }]
  })
}
