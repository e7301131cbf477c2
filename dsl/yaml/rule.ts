import type { ActionNode, PassageNode, RuleNode, TriggerNode } from '../tree.ts'
import type { RuleKey } from '../workspace-shape.ts'
import { actionsOf } from './action.ts'
import type { Body } from './body.ts'
import { expressionNode, stringNodes, valueNode } from './values.ts'

/** The rules under a key, in order. `key` is how it is written: at a process the moves stand under `move`. */
export function rulesOf(body: Body, kind: RuleKey, key: string = kind): RuleNode[] {
  return body.bodies(key).map((rule) => ruleOf(rule, kind))
}

function ruleOf(body: Body, kind: RuleKey): RuleNode {
  const trigger = triggers[kind](body)
  const when = body.expression(kind === 'when' ? 'holds' : 'when')
  const actions = [...actionsOf(body, 'do'), ...goingOf(body)]
  const broken: ActionNode[] = trigger ? [] : [{ kind: 'broken', span: body.head }]
  return {
    kind: 'rule',
    trigger: trigger ?? { kind: 'when' },
    ...(when ? { when } : {}),
    actions: [...broken, ...actions],
    span: body.head,
    extent: body.extent,
  }
}

function goingOf(body: Body): ActionNode[] {
  const entry = body.entry('goTo')
  const stage = body.name('goTo')
  return entry && stage ? [{ kind: 'go', stage, span: entry.span }] : []
}

const triggers: Readonly<Record<RuleKey, (body: Body) => TriggerNode | undefined>> = {
  reply: (body) => {
    const letter = body.name('to')
    return { kind: 'reply', ...(letter ? { letter } : {}), saying: body.read('saying', stringNodes) ?? [] }
  },
  form: (body) => {
    const form = body.name('name')
    return form && { kind: 'form', form }
  },
  consent: (body) => {
    const [purpose, decision] = [body.name('to'), body.name('is')]
    return purpose && decision && { kind: 'consent', purpose, decision }
  },
  signal: (body) => {
    const signal = body.name('name')
    return signal && { kind: 'signal', signal }
  },
  when: () => ({ kind: 'when' }),
  after: (body) => {
    const delay = body.read('delay', (reader, node) => valueNode(reader, 'duration', node))
    return delay && { kind: 'after', delay }
  },
  at: (body) => {
    const time = body.read('time', expressionNode)
    return time && { kind: 'at', time }
  },
  casesDone: () => ({ kind: 'cases done' }),
  moves: (body) => {
    const to = body.name('to')
    const [by, as] = [body.names('by'), body.text('as')]
    return to && { kind: 'move', to, ...(by ? { by } : {}), ...(as ? { as } : {}) }
  },
}

/** `enter` and `leave`. */
export function passagesOf(body: Body): PassageNode[] {
  return (['enter', 'leave'] as const).flatMap((kind): PassageNode[] => {
    const entry = body.entry(kind)
    return entry ? [{ kind, value: actionsOf(body, kind), span: entry.key.span, extent: entry.span }] : []
  })
}
