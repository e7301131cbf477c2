import type { Part, PartList } from '../beside.ts'
import type { Statement } from '../comments.ts'
import type { RuleNode } from '../tree.ts'
import { conditionsOf } from './expression.ts'

/** The lists of a statement that are printed with the comments beside their items, in the order of printing. */
export function partsOf(node: Statement): readonly PartList[] {
  switch (node.kind) {
    case 'field':
      return [{ parts: node.type?.options ?? [], closed: true }, open(node.personal)]
    case 'show':
    case 'edit':
      return [open(node.fields), open(node.to)]
    case 'access':
      return [open(node.rights)]
    case 'require':
    case 'clients':
    case 'recipients':
    case 'holidays':
      return [open(node.value)]
    case 'send':
      return [open(node.attach), open(conditionsOf(node.when))]
    case 'erase':
      return [open(node.fields), open(conditionsOf(node.when))]
    case 'call':
      return [open(node.with), open(conditionsOf(node.when))]
    case 'rule':
      return [...triggerParts(node), open(conditionsOf(node.when))]
    default:
      return 'when' in node ? [open(conditionsOf(node.when))] : []
  }
}

function triggerParts({ trigger }: RuleNode): PartList[] {
  if (trigger.kind === 'reply') return [open(trigger.saying)]
  return trigger.kind === 'move' ? [open(trigger.by)] : []
}

function open(parts: readonly Part[] = []): PartList {
  return { parts, closed: false }
}
