import type { Expression, Stage } from '../../definition.ts'
import type { CompiledRule } from '../../program.ts'
import { rolesWith } from '../../rights.ts'
import { and, type Bits } from '../bits.ts'
import type { Operation } from '../operation.ts'
import type { Happening } from '../step.ts'
import type { Node } from '../system.ts'
import { basisOf, filledTruth } from '../truth.ts'
import { ask } from './answering.ts'
import { allFilled } from './filling-in.ts'
import type { Making } from './making.ts'

/** Moves by people: one for each role that meets the rules differently. */
export function moves(making: Making, node: Node): void {
  const { process } = making.program
  const roles = Object.keys(process.access).length === 0 ? undefined : rolesWith(process, 'move')
  if (roles?.length === 0) return
  for (const target of Object.values(process.stages)) {
    if (target.name === node.stage || target.manualEntry === 'forbidden') continue
    const rules = making
      .rulesAt(node.stage)
      .filter(({ rule: { trigger } }) => trigger.kind === 'move' && trigger.to === target.name)
    const ready = [...making.moment(), { kind: 'only', where: mayLeaveFor(making, node.stage, target) } as const]
    const possible = allFilled(making.stage(node.stage).require.map(({ field }) => field))
    if (rules.length === 0 && process.moves === 'free') freeMove(making, node, target, { ready, possible }, roles?.[0])
    for (const { by, open } of byRole(rules, roles)) {
      const happening: Happening = { kind: 'move', to: target.name, ...(by !== undefined && { by }) }
      ask(making, {
        from: node,
        happening,
        ready,
        ...(possible && { possible }),
        rules: open.map((rule) => ({ rule })),
        news: [],
        clientActed: false,
      })
    }
  }
}

function freeMove(
  making: Making,
  node: Node,
  target: Stage,
  { ready, possible }: { readonly ready: readonly Operation[]; readonly possible: Expression | undefined },
  by: string | undefined,
): void {
  const { to, operations } = making.into(target.name, [])
  const happening: Happening = { kind: 'move', to: target.name, ...(by !== undefined && { by }) }
  const all = [...ready, ...making.leaving(node.stage), ...operations]
  making.edge({ from: node, to, operations: all, happening, conditions: [], ...(possible && { possible }) })
}

/** What must hold for any person to move a case on: what the stage requires is filled, what the next one needs is given. */
function mayLeaveFor(making: Making, stage: string, target: Stage): Bits {
  const required = making.stage(stage).require.map(({ field }) => filledTruth(making.facts, field, new Map()).may)
  const needed = target.needs.map(({ purpose }) => basisOf(making.facts, purpose).may)
  return [...required, ...needed].reduce(and, making.facts.space.all)
}

/** The rules for a move, as people of each role meet them; those who meet the same are told once. */
function byRole(
  rules: readonly CompiledRule[],
  roles: readonly string[] | undefined,
): readonly { readonly by?: string; readonly open: readonly CompiledRule[] }[] {
  const named = rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'move' ? (trigger.by ?? []) : []))
  const people = roles ?? (named.length > 0 ? [...new Set(named)] : [undefined])
  const found = new Map<string, { by?: string; open: readonly CompiledRule[] }>()
  for (const by of people) {
    const open = rules.filter(({ rule: { trigger } }) => {
      if (trigger.kind !== 'move') return false
      return trigger.by === undefined || trigger.by.length === 0 || (by !== undefined && trigger.by.includes(by))
    })
    const key = open.map(({ rule }) => rule.id).join(' ')
    if (open.length > 0 && !found.has(key)) found.set(key, { ...(by !== undefined && { by }), open })
  }
  return [...found.values()]
}
