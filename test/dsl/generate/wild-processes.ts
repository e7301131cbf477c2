import fc from 'fast-check'
import type {
  AccessNode,
  ActionBodyNode,
  ActionNode,
  ExpressionNode,
  FieldNode,
  NeedsNode,
  OptionNode,
  PassageNode,
  ProcessItem,
  ProcessNode,
  RuleNode,
  ShownNode,
  StageItem,
  StageNode,
  TriggerNode,
  TypeNode,
} from '../../../dsl/tree.ts'
import { optionTypes, plainTypes } from '../../../dsl/vocabulary.ts'
import { name, nowhere } from './nodes.ts'
import { is, itemsOf, maybe, node, property } from './tree.ts'
import { anyExpression } from './wild-expressions.ts'
import { anyDuration, anyName, anyString, anyText, anyTranslated, anyWord } from './words.ts'

export const names = fc.array(anyName, { minLength: 1, maxLength: 4 })
const fewNames = fc.array(anyName, { maxLength: 3 })
const when = maybe(anyExpression)

const options: fc.Arbitrary<OptionNode[]> = fc
  .uniqueArray(fc.oneof(anyWord, anyText), { minLength: 1, maxLength: 4 })
  .map((values) => values.map((value) => ({ value, span: nowhere })))

export const anyType: fc.Arbitrary<TypeNode> = fc.oneof(
  fc.constantFrom(...plainTypes).map((word) => ({ name: name(word), span: nowhere })),
  fc.tuple(fc.constantFrom(...optionTypes), options).map(([word, list]) => ({
    name: name(word),
    options: list,
    span: nowhere,
  })),
)

type Body<K extends ActionBodyNode['kind']> = Extract<ActionBodyNode, { kind: K }>

const action: fc.Arbitrary<ActionNode> = fc
  .tuple(
    fc.oneof(
      node<Body<'send'>>({ kind: is('send'), letter: anyName, to: anyName, attach: fewNames }),
      node<Body<'notify'>>({ kind: is('notify'), to: anyName, text: anyTranslated }),
      node<Body<'set'>>({ kind: is('set'), field: anyName, value: anyExpression }),
      node<Body<'erase'>>({ kind: is('erase'), fields: names, after: maybe(anyDuration) }),
      node<Body<'record'>>({ kind: is('record'), purpose: anyName, refused: fc.boolean() }),
      node<Body<'assign'>>({ kind: is('assign'), to: anyExpression }),
      node<Body<'start'>>({ kind: is('start'), process: anyName, with: givenValues() }),
      node<Body<'write'>>({ kind: is('write'), document: anyName }),
      node<Body<'call'>>({ kind: is('call'), webhook: anyName, with: fewNames }),
      node<Body<'go'>>({ kind: is('go'), stage: anyName }),
    ),
    when,
  )
  .map(([body, condition]) => ({ ...body, ...(condition ? { when: condition } : {}), span: nowhere }))

function givenValues() {
  const value = fc.record({ field: anyName, value: anyExpression })
  return fc.uniqueArray(value, { maxLength: 2, selector: ({ field }) => field.text })
}

const actions = fc.array(action, { maxLength: 3 })

type Trigger<K extends TriggerNode['kind']> = Extract<TriggerNode, { kind: K }>

const trigger: fc.Arbitrary<TriggerNode> = fc
  .oneof(
    node<Trigger<'reply'>>({
      kind: is('reply'),
      letter: maybe(anyName),
      saying: fc.array(anyString, { maxLength: 3 }),
    }),
    node<Trigger<'form'>>({ kind: is('form'), form: anyName }),
    node<Trigger<'consent'>>({ kind: is('consent'), purpose: anyName, decision: anyName }),
    node<Trigger<'signal'>>({ kind: is('signal'), signal: anyName }),
    node<Trigger<'after'>>({ kind: is('after'), delay: anyDuration }),
    node<Trigger<'at'>>({ kind: is('at'), time: anyExpression }),
    node<Trigger<'when'>>({ kind: is('when') }),
    node<Trigger<'move'>>({ kind: is('move'), to: anyName, by: maybe(names), as: maybe(anyTranslated) }),
    node<Trigger<'cases done'>>({ kind: is('cases done') }),
  )
  .map(withoutSpan)

/** A trigger has no place of its own. */
function withoutSpan(read: TriggerNode): TriggerNode {
  const { span: _, ...rest } = read as TriggerNode & { span?: unknown }
  return rest as TriggerNode
}

const rule: fc.Arbitrary<RuleNode> = fc
  .tuple(trigger, anyExpression, fc.boolean(), actions)
  .map(([each, condition, conditioned, list]): RuleNode => {
    const holds: { when?: ExpressionNode } = conditioned || each.kind === 'when' ? { when: condition } : {}
    return { kind: 'rule', trigger: each, ...holds, actions: list, span: nowhere }
  })

const passage: fc.Arbitrary<PassageNode> = fc.oneof(property('enter', actions), property('leave', actions))

const shown: fc.Arbitrary<ShownNode> = fc
  .constantFrom('show' as const, 'edit' as const)
  .chain((kind) => node<ShownNode>({ kind: fc.constant(kind), fields: names, to: maybe(names) }))

const stageItem: fc.Arbitrary<StageItem> = fc.oneof(
  { weight: 2, arbitrary: shown },
  { weight: 1, arbitrary: property('require', names) },
  { weight: 1, arbitrary: property('forbid', is(true)) },
  { weight: 1, arbitrary: node<NeedsNode>({ kind: is('needs'), purpose: anyName, otherwise: maybe(anyName) }) },
  { weight: 2, arbitrary: passage },
  { weight: 4, arbitrary: rule },
)

const stage: fc.Arbitrary<StageNode> = node<StageNode>({
  kind: is('stage'),
  name: anyName,
  title: maybe(anyTranslated),
  final: fc.boolean(),
  success: fc.boolean(),
  was: maybe(anyName),
  items: itemsOf(stageItem, ['forbid']),
})

const field: fc.Arbitrary<FieldNode> = node<FieldNode>({
  kind: is('field'),
  name: anyName,
  title: maybe(anyTranslated),
  type: anyType,
  personal: fewNames,
  special: fc.boolean(),
  default: when,
})

const access: fc.Arbitrary<AccessNode> = node<AccessNode>({ kind: is('access'), role: anyName, rights: names })

const processItem: fc.Arbitrary<ProcessItem> = fc.oneof(
  { weight: 1, arbitrary: property('portal', is(true)) },
  { weight: 1, arbitrary: property('moves', fc.constantFrom('declared', 'free').map(name)) },
  { weight: 2, arbitrary: access },
  { weight: 6, arbitrary: field },
  { weight: 2, arbitrary: shown },
  { weight: 4, arbitrary: stage },
  { weight: 1, arbitrary: passage },
  { weight: 2, arbitrary: rule },
)

/** A process of every kind of item, in any order. */
export const anyProcess: fc.Arbitrary<ProcessNode> = node<ProcessNode>({
  kind: is('process'),
  name: anyName,
  title: maybe(anyTranslated),
  items: itemsOf(processItem, ['portal', 'moves'], 8),
})
