import type { ConsentStatus, Duration, Expression } from '../../engine/definition.ts'
import { z102 } from '../checks/z102-unknown-word.ts'
import { z201 } from '../checks/z201-no-such.ts'
import { z202 } from '../checks/z202-types.ts'
import { z205 } from '../checks/z205-option.ts'
import { listOf } from '../list-of.ts'
import { didYouMean } from '../nearest.ts'
import type { ExpressionNode, Name } from '../tree.ts'
import { consentStatuses, members } from '../vocabulary.ts'
import { functions, resolveCall } from './call.ts'
import { arithmetic, comparison } from './operators.ts'
import { consentPurpose } from './purpose.ts'
import { faulty, type Scope, type Typed } from './scope.ts'
import { fits, isNumeric, named, type Type, text, yesNo } from './types.ts'
import { checkDate, durationOf, oneOf } from './values.ts'

/** A condition: an expression that is yes or no. */
export function resolveCondition(scope: Scope, node: ExpressionNode): Expression {
  return resolveAs(scope, node, yesNo, 'a condition')
}

/** An expression whose value goes to `wanted`; reports what does not fit. */
export function resolveAs(scope: Scope, node: ExpressionNode, wanted: Type, what: string): Expression {
  const typed = resolveExpression(scope, node, wanted)
  if (!fits(typed.type, wanted)) {
    const hint = wanted.kind === 'yes/no' ? conditionHint(node, typed.type) : undefined
    scope.context.report(z202, node.span, `${what} is ${named(wanted)}, and this is ${named(typed.type)}`, hint)
  }
  return typed.expression
}

function conditionHint(node: ExpressionNode, type: Type): string | undefined {
  if (node.kind !== 'word' || type.kind === 'unknown') return undefined
  return `compare it, or write \`${node.name.text} is filled\``
}

/** Names looked up and types made out. `wanted` says what a bare word may be an option of. */
export function resolveExpression(scope: Scope, node: ExpressionNode, wanted?: Type): Typed {
  switch (node.kind) {
    case 'string':
      return resolveString(scope, node, wanted)
    case 'number':
      return { expression: { kind: 'number', value: node.value }, type: { kind: 'number' } }
    case 'date':
      checkDate(scope.context, { text: node.value, span: node.span })
      return { expression: { kind: 'date', value: node.value }, type: { kind: 'date' } }
    case 'duration': {
      const value: Duration = durationOf(scope.context, node.duration)
      return { expression: { kind: 'duration', value }, type: { kind: 'duration' } }
    }
    case 'word':
      return resolveWord(scope, node.name, wanted)
    case 'member':
      return resolveMember(scope, node)
    case 'call':
      return resolveCall(scope, node, {
        any: (part, type) => resolveExpression(scope, part, type),
        as: (part, type, what) => resolveAs(scope, part, type, what),
      })
    case 'not':
      return { expression: { kind: 'not', of: resolveAs(scope, node.of, yesNo, 'what `not` denies') }, type: yesNo }
    case 'negate':
      return resolveNegation(scope, node)
    case 'binary':
      return resolveBinary(scope, node)
    case 'is':
      return resolveIs(scope, node)
    case 'in':
      return resolveIn(scope, node)
    case 'contains':
      return resolveContains(scope, node)
    case 'consent':
      return resolveConsent(scope, node)
    case 'stage was':
      scope.findStage?.(node.stage)
      return { expression: { kind: 'stage was', stage: node.stage.text }, type: yesNo }
    case 'broken':
      return faulty
  }
}

type Of<K extends ExpressionNode['kind']> = Extract<ExpressionNode, { kind: K }>

function resolveString(scope: Scope, node: Of<'string'>, wanted: Type | undefined): Typed {
  if (!wanted?.options) return { expression: { kind: 'text', value: node.value }, type: text }
  return resolveOption(scope, { text: node.value, span: node.span }, wanted)
}

function resolveOption(scope: Scope, name: Name, wanted: Type): Typed {
  const options = wanted.options ?? []
  if (wanted.stages) scope.mentionStage?.(name)
  else scope.context.listener?.offered(name, [], options.map(optionAsWritten))
  if (options.length === 0) return faulty
  if (!options.includes(name.text)) {
    const list = listOf(
      options.map((option) => `\`${option}\``),
      'and',
    )
    const hint = didYouMean(name.text, options) ?? `the options are ${list}`
    scope.context.report(z205, name.span, `\`${name.text}\` is none of the options here`, hint)
    return faulty
  }
  return { expression: { kind: 'option', value: name.text }, type: { kind: 'choice', options: [name.text] } }
}

function optionAsWritten(option: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(option) ? option : JSON.stringify(option)
}

const builtIn: Readonly<Record<string, Typed>> = {
  yes: { expression: { kind: 'yes/no', value: true }, type: yesNo },
  no: { expression: { kind: 'yes/no', value: false }, type: yesNo },
  today: { expression: { kind: 'today' }, type: { kind: 'date' } },
  now: { expression: { kind: 'now' }, type: { kind: 'date and time' } },
}

/** A bare word: an option where one is wanted, else a field, else `yes`, `no`, `today` or `now`. */
function resolveWord(scope: Scope, name: Name, wanted: Type | undefined): Typed {
  offerWord(scope, name, wanted)
  if (wanted?.options?.includes(name.text)) return resolveOption(scope, name, wanted)
  const type = scope.typeOf(name.text)
  if (type) {
    scope.context.lookUp(scope.values, name)
    return fieldExpression(name.text, type)
  }
  const known = Object.hasOwn(builtIn, name.text) ? builtIn[name.text] : undefined
  if (known) return known
  if (wanted?.options) return resolveOption(scope, name, wanted)
  scope.noSuchField(name, Object.keys(builtIn))
  return faulty
}

function offerWord(scope: Scope, name: Name, wanted: Type | undefined): void {
  const { listener, tables } = scope.context
  listener?.offered(
    name,
    [scope.values, tables],
    [
      ...(wanted?.options ?? []).map(optionAsWritten),
      ...Object.keys(builtIn),
      ...Object.keys(functions),
      ...Object.keys(members),
    ],
  )
}

function fieldExpression(field: string, type: Type): Typed {
  if (type.kind === 'unknown') return faulty
  return { expression: { kind: 'field', field, type: type.kind }, type }
}

function resolveMember(scope: Scope, node: Of<'member'>): Typed {
  const { of, property } = node
  if (of.text !== 'client' && of.text !== 'case') {
    const hint = 'only `client` and `case` have parts: `client.email`, `case.number`'
    scope.context.report(z201, of.span, `\`${of.text}\` has no parts`, hint)
    return faulty
  }
  if (of.text === 'client') {
    const known = oneOf(scope.context, property, members.client, 'part of `client`')
    return known ? { expression: { kind: 'client', property: known }, type: text } : faulty
  }
  const known = oneOf(scope.context, property, members.case, 'part of `case`')
  if (!known) return faulty
  return { expression: { kind: 'case', property: known }, type: caseTypes(scope)[known] }
}

function caseTypes(scope: Scope): Record<(typeof members.case)[number], Type> {
  return {
    number: text,
    created: { kind: 'date and time' },
    stage: scope.stages ? { kind: 'choice', options: scope.stages, stages: true } : text,
  }
}

function resolveNegation(scope: Scope, node: Of<'negate'>): Typed {
  const of = resolveExpression(scope, node.of)
  if (of.type.kind === 'unknown') return faulty
  if (!isNumeric(of.type)) {
    scope.context.report(z202, node.span, `\`-\` stands before a number, and this is ${named(of.type)}`)
    return faulty
  }
  return { expression: { kind: 'negate', of: of.expression }, type: of.type }
}

function resolveBinary(scope: Scope, node: Of<'binary'>): Typed {
  const { operator } = node
  if (operator === 'and' || operator === 'or') {
    const left = resolveAs(scope, node.left, yesNo, `what stands before \`${operator}\``)
    const right = resolveAs(scope, node.right, yesNo, `what stands after \`${operator}\``)
    return { expression: { kind: operator, left, right }, type: yesNo }
  }
  if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
    return arithmetic(scope, node, operator, resolveExpression(scope, node.left), resolveExpression(scope, node.right))
  }
  return comparison(scope, node, operator, ...comparedSides(scope, node))
}

/** Both sides of a comparison; a bare word on either may be an option of the other. */
function comparedSides(scope: Scope, node: Of<'binary'>): [Typed, Typed] {
  const mayBeOption = node.left.kind === 'string' || (node.left.kind === 'word' && !scope.typeOf(node.left.name.text))
  if (mayBeOption) {
    const right = resolveExpression(scope, node.right)
    return [resolveExpression(scope, node.left, right.type), right]
  }
  const left = resolveExpression(scope, node.left)
  return [left, resolveExpression(scope, node.right, left.type)]
}

/** `X is filled`, `X is missing`. */
function resolveIs(scope: Scope, node: Of<'is'>): Typed {
  if (node.of.kind !== 'word') {
    scope.context.report(z202, node.of.span, `only a field is \`${node.state.text}\``)
    return faulty
  }
  const name = node.of.name
  scope.context.listener?.offered(name, [scope.values], [])
  scope.context.lookUp(scope.values, name)
  if (!scope.typeOf(name.text)) {
    scope.noSuchField(name, [])
    return faulty
  }
  const kind = node.state.text === 'missing' ? 'missing' : 'filled'
  return { expression: { kind, field: name.text }, type: yesNo }
}

/** `X in (a, b)`. */
function resolveIn(scope: Scope, node: Of<'in'>): Typed {
  const of = resolveExpression(scope, node.of)
  if (of.type.kind === 'many') {
    scope.context.report(z202, node.span, 'a list of choices is not one of several values', 'write `X contains option`')
    return faulty
  }
  const options = node.options.map((option) => {
    const typed = resolveExpression(scope, option, of.type)
    if (!fits(typed.type, of.type)) {
      scope.context.report(z202, option.span, `this is ${named(typed.type)}, and it is compared with ${named(of.type)}`)
    }
    return typed.expression
  })
  if (options.length === 0) scope.context.report(z202, node.span, 'nothing stands between the brackets')
  return { expression: { kind: 'in', of: of.expression, options }, type: yesNo }
}

/** `X contains "…"` of a text, `X contains option` of a list of choices. */
function resolveContains(scope: Scope, node: Of<'contains'>): Typed {
  const of = resolveExpression(scope, node.of)
  if (of.type.kind !== 'text' && of.type.kind !== 'many' && of.type.kind !== 'unknown') {
    scope.context.report(
      z202,
      node.of.span,
      `only a text or a list of choices contains something; this is ${named(of.type)}`,
    )
    return faulty
  }
  const wanted: Type = of.type.kind === 'many' ? { kind: 'choice', ...options(of.type) } : of.type
  const part = resolveAs(scope, node.part, wanted, 'what it contains')
  return { expression: { kind: 'contains', of: of.expression, part }, type: yesNo }
}

function options(type: Type): { options?: readonly string[] } {
  return type.options ? { options: type.options } : {}
}

function resolveConsent(scope: Scope, node: Of<'consent'>): Typed {
  const purpose = consentPurpose(scope.context, node.purpose)
  const statuses = node.statuses?.map((status) => statusOf(scope, status))
  if (!purpose || statuses?.includes(undefined)) return faulty
  const known = (statuses ?? ['given']).filter((status): status is ConsentStatus => status !== undefined)
  return { expression: { kind: 'consent', purpose, statuses: [...new Set(known)] }, type: yesNo }
}

function statusOf(scope: Scope, status: Name): ConsentStatus | undefined {
  if (status.text === 'not') {
    scope.context.report(z102, status.span, '`not` stands before the whole: `not consent to P is given`')
    return undefined
  }
  return oneOf(scope.context, status, consentStatuses, 'state of a consent')
}
