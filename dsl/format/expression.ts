import type { Comments } from '../comments.ts'
import type { ExpressionNode } from '../tree.ts'
import { besideEach, haveComments, list } from './clauses.ts'
import { type Doc, group, join, line, nest } from './doc.ts'
import { duration, number, quoted } from './literals.ts'
import { unreadable } from './unreadable.ts'

type Binary = Extract<ExpressionNode, { kind: 'binary' }>

/** How tightly each form holds its parts together, as in the grammar. */
const levels = { or: 1, and: 2, not: 3, test: 4, sum: 5, product: 6, negate: 7, primary: 8 } as const

const operatorLevels: Readonly<Record<Binary['operator'], number>> = {
  or: levels.or,
  and: levels.and,
  '=': levels.test,
  '!=': levels.test,
  '<': levels.test,
  '<=': levels.test,
  '>': levels.test,
  '>=': levels.test,
  '+': levels.sum,
  '-': levels.sum,
  '*': levels.product,
  '/': levels.product,
}

/** An expression with no more brackets than it needs. Its lines may break before `and` and `or`. */
export function expression(node: ExpressionNode): Doc {
  return part(node, levels.or)
}

/** `when EXPR`, or nothing. */
export function condition(comments: Comments, when: ExpressionNode | undefined): Doc[] {
  return when ? [['when ', conditions(comments, when)]] : []
}

/** An expression with the comments beside the conditions in it that `and` or `or` joins. */
export function conditions(comments: Comments, node: ExpressionNode): Doc {
  const all = conditionsOf(node)
  if (node.kind !== 'binary' || !haveComments(comments, all)) return expression(node)
  return besideEach(comments, all, (each, index) => joined(node, each, index))
}

/** The conditions that the outermost `and`s or `or`s of an expression join; of any other expression none. */
export function conditionsOf(node: ExpressionNode | undefined): readonly ExpressionNode[] {
  if (node?.kind !== 'binary' || (node.operator !== 'and' && node.operator !== 'or')) return []
  const conditions: ExpressionNode[] = []
  let left: ExpressionNode = node
  for (; left.kind === 'binary' && left.operator === node.operator; left = left.left) conditions.push(left.right)
  return [...conditions, left].toReversed()
}

/** What stands where an expression must hold together at least as tightly as `least`. */
function part(node: ExpressionNode, least: number): Doc {
  const doc = whole(node)
  return levelOf(node) < least ? bracketed(doc) : doc
}

function bracketed(doc: Doc): Doc {
  return ['(', nest(2, doc), ')']
}

function levelOf(node: ExpressionNode): number {
  switch (node.kind) {
    case 'binary':
      return operatorLevels[node.operator]
    case 'not':
      return levels.not
    case 'is':
    case 'in':
    case 'contains':
      return levels.test
    case 'negate':
      return levels.negate
    default:
      return levels.primary
  }
}

function whole(node: ExpressionNode): Doc {
  switch (node.kind) {
    case 'string':
      return quoted(node.value)
    case 'number':
      return number(node)
    case 'date':
      return node.value
    case 'duration':
      return duration(node.duration)
    case 'word':
      // `not` before another word denies it.
      return node.name.text === 'not' ? '(not)' : node.name.text
    case 'member':
      return `${node.of.text}.${node.property.text}`
    case 'call':
      return [node.name.text, inputs(node.inputs)]
    case 'not':
      return ['not ', denied(node.of)]
    case 'negate':
      return ['-', part(node.of, levels.negate)]
    case 'binary':
      return binary(node)
    case 'is':
      return [tested(node.of), ' is ', node.state.text]
    case 'in':
      return [tested(node.of), ' in ', inputs(node.options)]
    case 'contains':
      return [part(node.of, levels.sum), ' contains ', part(node.part, levels.sum)]
    case 'consent':
      return consent(node)
    case 'stage was':
      return `stage was ${node.stage.text}`
    case 'broken':
      return unreadable()
  }
}

function inputs(nodes: readonly ExpressionNode[]): Doc {
  return ['(', list(nodes.map(expression)), ')']
}

function binary(node: Binary): Doc {
  const level = operatorLevels[node.operator]
  if (node.operator === 'and' || node.operator === 'or') {
    return group(
      join(
        line,
        conditionsOf(node).map((each, index) => joined(node, each, index)),
      ),
    )
  }
  const left = level === levels.test ? levels.sum : level
  return [part(node.left, left), ` ${node.operator} `, part(node.right, level + 1)]
}

/** One of the conditions that an `and` or `or` joins. */
function joined({ operator }: Binary, condition: ExpressionNode, index: number): Doc {
  const level = operatorLevels[operator]
  return index === 0 ? part(condition, level) : [`${operator} `, part(condition, level + 1)]
}

const infixWords = /^(?:and|or|is|in|contains)(?![\p{L}\p{M}\p{N}_])/u

/** After `not`, a name such as `in` would end the denial. */
function denied(node: ExpressionNode): Doc {
  const doc = part(node, levels.not)
  return infixWords.test(firstWordOf(doc)) ? bracketed(doc) : doc
}

function firstWordOf(doc: Doc): string {
  if (typeof doc === 'string') return doc
  if ('content' in doc) return firstWordOf(doc.content)
  return 'kind' in doc ? '' : firstWordOf(doc[0] ?? '')
}

/** What stands before `is` or `in`: a bare `consent to P` at its end would take them for its own. */
function tested(node: ExpressionNode): Doc {
  return endsInConsent(node, levels.sum) ? bracketed(whole(node)) : part(node, levels.sum)
}

/** Whether the last words of what `part` prints are `consent to P`. */
function endsInConsent(node: ExpressionNode, least: number): boolean {
  const level = levelOf(node)
  if (level < least) return false
  if (node.kind === 'consent') return node.statuses === undefined
  if (node.kind === 'negate') return endsInConsent(node.of, levels.negate)
  return node.kind === 'binary' && endsInConsent(node.right, level + 1)
}

function consent({ purpose, statuses }: Extract<ExpressionNode, { kind: 'consent' }>): string {
  const asked = `consent to ${purpose.text}`
  if (!statuses) return asked
  const names = statuses.map((status) => status.text)
  return names.length === 1 ? `${asked} is ${names[0]}` : `${asked} in (${names.join(', ')})`
}
