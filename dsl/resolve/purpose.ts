import type { Keep, Purpose } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import type { KeepNode, Name, PurposeNode } from '../tree.ts'
import { bases, subjects } from '../vocabulary.ts'
import { type Context, given, place, single } from './context.ts'
import { durationOf, oneOf, textOf, titleOf } from './values.ts'

const mostVersions = 1_000_000

/** A purpose: the basis is the one thing it can't do without. */
export function resolvePurpose(context: Context, node: PurposeNode, name: string): Purpose {
  const items = node.items
  const basis = single(context, items, 'basis')
  if (!basis && !items.some((item) => item.kind === 'broken')) {
    context.report(z103, node.span, `purpose \`${name}\` has no \`basis\``, {
      text: 'say why the data may be used: `basis consent`',
      yaml: 'say why the data may be used: `basis: consent`',
    })
  }
  const words = single(context, items, 'text')
  const keep = single(context, items, 'keep')
  const about = single(context, items, 'about')
  return {
    name,
    title: titleOf(context, name, node.title),
    basis: (basis && oneOf(context, basis.value, bases, 'legal basis')) ?? 'consent',
    necessary: single(context, items, 'necessary') !== undefined,
    version: versionOf(context, node),
    ...given('text', words && textOf(context, words.value)),
    ...given('keep', keep && keepOf(context, keep.value)),
    recipients: single(context, items, 'recipients')?.value.map((recipient) => recipient.value) ?? [],
    about: (about && oneOf(context, about.value, subjects, 'group of people')) ?? 'clients',
    at: place(node.span),
  }
}

function versionOf(context: Context, node: PurposeNode): number {
  const version = single(context, node.items, 'version')
  if (!version) return 1
  const value = version.value.value
  if (Number.isInteger(value) && value >= 1 && value <= mostVersions) return value
  context.report(z103, version.value.span, 'a version is a whole number from 1 on')
  return 1
}

function keepOf(context: Context, node: KeepNode): Keep {
  if (!node.for) return { until: 'end' }
  return { after: node.event.text === 'given' ? 'given' : 'end', for: durationOf(context, node.for) }
}

/** The name of a purpose that rests on consent; reports others. */
export function consentPurpose(context: Context, name: Name): string | undefined {
  const purpose = context.find(context.purposes, name)
  if (!purpose) return undefined
  const basis = purpose.items.find((item) => item.kind === 'basis')?.value.text
  if (basis !== undefined && (bases as readonly string[]).includes(basis) && !basis.endsWith('consent')) {
    const hint = `it rests on ${basis}: nobody is asked`
    context.report(z204, name.span, `purpose \`${name.text}\` does not rest on consent`, hint)
  }
  return name.text
}
