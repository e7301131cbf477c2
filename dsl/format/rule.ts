import type { Comments } from '../comments.ts'
import type { ActionNode, PassageNode, RuleNode, StringNode, TriggerNode } from '../tree.ts'
import { action } from './action.ts'
import { braces, foldedComment, hasComments, statements } from './body.ts'
import { besideEach, clauses, haveComments, headIndent, names } from './clauses.ts'
import { breaks, choice, type Doc, furtherLine, group, join, line, nest, remark } from './doc.ts'
import { condition, expression } from './expression.ts'
import { duration, quoted, translated } from './literals.ts'

/** `on enter { … }` and `on leave { … }` */
export function passage(comments: Comments, node: PassageNode): Doc {
  return withActions(comments, node, node.value, [`on ${node.kind}`])
}

/** What has to happen, on what condition, and what follows: on one line where that is one action and fits. */
export function rule(comments: Comments, node: RuleNode): Doc {
  const { trigger, actions } = node
  const head = [...triggerParts(comments, trigger), ...condition(comments, node.when)]
  if (hasComments(comments, node, actions)) return withActions(comments, node, actions, head)
  if (trigger.kind === 'move') {
    const comment = foldedComment(comments, node)
    const bare = actions.length === 0 && comment !== undefined
    return bare ? [clauses(head), comment] : withActions(comments, node, actions, head)
  }
  const last = actions.at(-1)
  const going = last?.kind === 'go' && !last.when ? action(comments, last) : undefined
  if (going === undefined || actions.length > 1) return withActions(comments, node, actions, head, going)
  return goingOnly(comments, node, head, going)
}

/** `HEAD go to STAGE` */
function goingOnly(comments: Comments, node: RuleNode, head: readonly Doc[], going: Doc): Doc {
  const comment = breaks(head) && comments.opening(node) !== undefined ? undefined : foldedComment(comments, node)
  if (comment !== undefined) return [clauses([...head, going]), comment]
  return [clauses(head), remark(comments.opening(node)), nest(2, [furtherLine, going])]
}

/**
 * `HEAD { ACTION } [go to STAGE]` on one line, else each action on its own. `going` is the last action, where it can
 * stand behind the brackets.
 */
function withActions(
  comments: Comments,
  node: RuleNode | PassageNode,
  actions: readonly ActionNode[],
  head: readonly Doc[],
  going?: Doc,
): Doc {
  const content = actions.length === 0 ? undefined : statements(comments, actions, (each) => action(comments, each))
  const broken = [clauses(head, headIndent), braces(comments, node, content)]
  const [only, ...more] = going === undefined ? actions : actions.slice(0, -1)
  const comment = foldedComment(comments, node)
  if (!only || more.length > 0 || comment === undefined || hasComments(comments, node, actions)) return broken
  const behind = going === undefined ? '' : [' ', going]
  const short = [join(' ', head), ' { ', action(comments, only), ' }', behind, comment]
  return breaks(short) ? broken : choice(short, broken)
}

function triggerParts(comments: Comments, trigger: TriggerNode): Doc[] {
  switch (trigger.kind) {
    case 'reply': {
      const from = `on reply from client${trigger.letter ? ` to ${trigger.letter.text}` : ''}`
      return trigger.saying.length === 0 ? [from] : [from, ['saying ', phrases(comments, trigger.saying)]]
    }
    case 'form':
      return [`on form ${trigger.form.text}`]
    case 'consent':
      return [`on consent to ${trigger.purpose.text} ${trigger.decision.text}`]
    case 'signal':
      return [`on signal ${trigger.signal.text}`]
    case 'cases done':
      return ['on cases done']
    case 'after':
      return [`after ${duration(trigger.delay)}`]
    case 'at':
      return [['at ', expression(trigger.time)]]
    case 'when':
      return []
    case 'move':
      return moveParts(comments, trigger)
  }
}

/** `"a" or "b"` */
function phrases(comments: Comments, saying: readonly StringNode[]): Doc {
  const phrase = ({ value }: StringNode, index: number) => (index === 0 ? quoted(value) : ['or ', quoted(value)])
  return haveComments(comments, saying) ? besideEach(comments, saying, phrase) : group(join(line, saying.map(phrase)))
}

function moveParts(comments: Comments, { to, by, as }: Extract<TriggerNode, { kind: 'move' }>): Doc[] {
  const title = as ? translated(as) : []
  return [
    `move to ${to.text}`,
    ...(by ? [['by ', names(comments, by)]] : []),
    ...title.map((words, index) => (index === 0 ? ['as ', words] : words)),
  ]
}
