import type { CaseRight, Field, Named, Process, Stage } from '../../engine/definition.ts'
import { z102 } from '../checks/z102-unknown-word.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import { z205 } from '../checks/z205-option.ts'
import type { FieldNode, ProcessItem, ProcessNode } from '../tree.ts'
import { caseRights } from '../vocabulary.ts'
import { type Context, given, place, single } from './context.ts'
import { resolveExpression } from './expression.ts'
import type { ProcessScope } from './process-scope.ts'
import { RuleCounter, resolveRules } from './rule.ts'
import { shownOf } from './shown.ts'
import { resolveStage } from './stage.ts'
import { fieldTypeOf, fits, named, valueTypeOf } from './types.ts'
import { someOf, titleOf } from './values.ts'

/** A process with everything in it looked up. */
export function resolveProcess(scope: ProcessScope, node: ProcessNode): Process {
  const { context, name } = scope
  const { items } = node
  reportMisplaced(context, items)
  if (!items.some((item) => item.kind === 'stage' || item.kind === 'broken')) {
    context.report(z103, node.span, `process \`${name}\` has no stage`, {
      text: 'a case needs at least one: `stage new "New" { }`',
      yaml: 'a case needs at least one: `stages: { new: { title: New } }`',
    })
  }
  return {
    name,
    title: titleOf(context, name, node.title),
    portal: single(context, items, 'portal') !== undefined,
    moves: single(context, items, 'moves')?.value.text === 'free' ? 'free' : 'declared',
    access: accessOf(context, items),
    fields: fieldsOf(scope, items),
    show: shownOf(scope, items, 'show'),
    edit: shownOf(scope, items, 'edit'),
    stages: stagesOf(scope, items),
    rules: resolveRules(scope, items, new RuleCounter('*')),
    at: place(node.span),
  }
}

function reportMisplaced(context: Context, items: readonly ProcessItem[]): void {
  for (const item of items) {
    if (item.kind !== 'enter' && item.kind !== 'leave') continue
    context.report(z102, item.span, `a process says nothing with \`on ${item.kind}\``, 'put it into a stage')
  }
}

function accessOf(context: Context, items: readonly ProcessItem[]): Named<readonly CaseRight[]> {
  const access: Record<string, CaseRight[]> = {}
  for (const item of items) {
    if (item.kind !== 'access') continue
    const role = context.find(context.roles, item.role)
    const rights = someOf(context, item.rights, caseRights, 'right on cases')
    if (!role) continue
    if (Object.hasOwn(access, item.role.text)) {
      context.report(
        z104,
        item.role.span,
        `access of \`${item.role.text}\` stands here twice`,
        'put the rights into one line',
      )
    } else access[item.role.text] = rights
  }
  return access
}

function fieldsOf(scope: ProcessScope, items: readonly ProcessItem[]): Named<Field> {
  const fields: Record<string, Field> = {}
  for (const item of items) {
    if (item.kind !== 'field' || !item.name || Object.hasOwn(fields, item.name.text)) continue
    const field = resolveField(scope, item, item.name.text)
    if (field) fields[item.name.text] = field
  }
  return fields
}

function resolveField(scope: ProcessScope, node: FieldNode, name: string): Field | undefined {
  const { context } = scope
  const type = fieldTypeOf(context, node.type)
  for (const purpose of node.personal) context.find(context.purposes, purpose)
  if (node.special && node.personal.length === 0) {
    context.report(z103, node.span, `\`special\` field \`${name}\` has no purpose`, {
      text: 'write `personal for PURPOSE, special`',
      yaml: 'add `personal: [PURPOSE]`',
    })
  }
  if (!type) return undefined
  return {
    name,
    title: titleOf(context, name, node.title),
    type,
    personal: [...new Set(node.personal.map((purpose) => purpose.text))],
    special: node.special,
    ...given('default', defaultOf(scope, node, type)),
    at: place(node.span),
  }
}

function defaultOf(scope: ProcessScope, node: FieldNode, type: Field['type']): Field['default'] {
  if (!node.default) return undefined
  const wanted = valueTypeOf(type)
  const typed = resolveExpression(scope, node.default, wanted)
  if (!fits(typed.type, wanted)) {
    const field = node.name?.text ?? ''
    scope.context.report(
      z205,
      node.default.span,
      `the default of \`${field}\` is ${named(typed.type)}, and the field is ${named(wanted)}`,
    )
  }
  return typed.expression
}

function stagesOf(scope: ProcessScope, items: readonly ProcessItem[]): Named<Stage> {
  const stages: Record<string, Stage> = {}
  for (const item of items) {
    if (item.kind !== 'stage' || !item.name || Object.hasOwn(stages, item.name.text)) continue
    const { name } = item
    stages[name.text] = resolveStage(scope, item, name.text)
  }
  const finals = Object.values(stages).filter((stage) => stage.final)
  if (finals.some((stage) => stage.success)) return stages
  for (const stage of finals) stages[stage.name] = { ...stage, success: true }
  return stages
}
