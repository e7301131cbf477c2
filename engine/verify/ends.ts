import type { Stage } from '../definition.ts'
import { own } from '../named.ts'
import { and, type Bits, isEmpty, meet, minus, or } from './bits.ts'
import { type Exploration, fromWhere } from './explore.ts'
import { after } from './operation.ts'
import type { Node, System } from './system.ts'

/** The places where cases have ended, or have ended well. */
export function endsOf({ system, reached }: Exploration, success: boolean): ReadonlyMap<Node, Bits> {
  const { process } = system.facts.program
  return new Map(
    [...reached].filter(([node]) => {
      const stage = own(process.stages, node.stage)
      return node.kind === 'rest' && stage?.final && (!success || stage.success)
    }),
  )
}

/** The stages that no case comes to. */
export function neverReached({ system, reached }: Exploration): readonly Stage[] {
  const come = new Set([...reached.keys()].flatMap(({ kind, stage }) => (kind === 'gate' ? [] : [stage])))
  return Object.values(system.facts.program.process.stages).filter(({ name }) => !come.has(name))
}

/** The stages that cases come to and none ever leaves, though they are no ends. */
export function neverLeft(exploration: Exploration): ReadonlySet<string> {
  const { system, reached } = exploration
  const { process } = system.facts.program
  const left = new Set<string>()
  const rested = new Set<string>()
  for (const [node, points] of reached) {
    if (node.kind === 'rest' && !own(process.stages, node.stage)?.final) rested.add(node.stage)
    if (left.has(node.stage)) continue
    for (const edge of system.exitsOf(node).edges) {
      const led = edge.to.stage === node.stage ? undefined : after(node.facts.space, edge.operations, points)
      if (led && !isEmpty(led) && !isSentBack(system, node.stage, edge.to, led)) left.add(node.stage)
    }
  }
  return new Set([...rested].filter((stage) => !left.has(stage)))
}

/** Whether stages that need a consent send all that comes to them back to where it came from. */
function isSentBack(system: System, stage: string, gate: Node, points: Bits, seen: readonly Node[] = []): boolean {
  if (gate.kind !== 'gate' || seen.includes(gate)) return false
  return system.exitsOf(gate).edges.every(({ to, operations }) => {
    const led = after(gate.facts.space, operations, points)
    return to.stage === stage || isEmpty(led) || isSentBack(system, stage, to, led, [...seen, gate])
  })
}

/** Where cases rest and can reach no end any more, though none of the stages that are never left is to blame. */
export function lost(exploration: Exploration, blamed: ReadonlySet<string>): ReadonlyMap<Node, Bits> {
  const { reached } = exploration
  const blamedNodes = new Map([...reached].filter(([node]) => blamed.has(node.stage)))
  const saved = fromWhere(exploration, endsOf(exploration, false))
  const explained = fromWhere(exploration, blamedNodes)
  const found = new Map<Node, Bits>()
  for (const [node, points] of reached) {
    if (node.kind !== 'rest') continue
    let out = points
    for (const known of [saved.get(node), explained.get(node)]) if (known) out = minus(out, known)
    if (!isEmpty(out)) found.set(node, out)
  }
  return found
}

/** Of lost places those that lead to no other lost stage but back: where the trap itself is. One stage of each trap, the soonest. */
export function traps(exploration: Exploration, found: ReadonlyMap<Node, Bits>): readonly Node[] {
  if (found.size === 0) return []
  const { system, arrivals } = exploration
  const leads = new Map<string, Set<string>>()
  const inside = fromWhereForward(exploration, found)
  for (const [node, points] of inside) {
    const to = leads.get(node.stage) ?? new Set<string>()
    leads.set(node.stage, to)
    for (const edge of system.exitsOf(node).edges) {
      const there = inside.get(edge.to)
      if (there && meet(after(node.facts.space, edge.operations, points), there)) to.add(edge.to.stage)
    }
  }
  const order = [...new Set(arrivals.map(({ node }) => node.stage))]
  const resting = new Set([...found.keys()].map(({ stage }) => stage))
  const told = new Set<string>()
  const stages: string[] = []
  for (const stage of order) {
    if (!resting.has(stage) || told.has(stage)) continue
    const reach = closure(leads, stage)
    if (![...reach].every((other) => closure(leads, other).has(stage))) continue
    for (const other of reach) told.add(other)
    stages.push(stage)
  }
  return [...found.keys()].filter(({ stage }) => stages.includes(stage))
}

/** The places and all that follows from them. */
function fromWhereForward({ system, reached }: Exploration, from: ReadonlyMap<Node, Bits>): ReadonlyMap<Node, Bits> {
  const found = new Map<Node, Bits>([...from].map(([node, points]) => [node, points.slice()]))
  const waiting = new Map<Node, Bits>(from)
  for (const [node, points] of waiting) {
    waiting.delete(node)
    for (const edge of system.exitsOf(node).edges) {
      const led = and(
        after(node.facts.space, edge.operations, points),
        reached.get(edge.to) ?? edge.to.facts.space.nothing,
      )
      const known = found.get(edge.to)
      const fresh = known ? minus(led, known) : led
      if (isEmpty(fresh)) continue
      found.set(edge.to, known ? or(known, fresh) : fresh)
      const waits = waiting.get(edge.to)
      waiting.set(edge.to, waits ? or(waits, fresh) : fresh)
    }
  }
  return found
}

function closure(leads: ReadonlyMap<string, ReadonlySet<string>>, from: string): ReadonlySet<string> {
  const found = new Set([from])
  for (const stage of found) for (const next of leads.get(stage) ?? []) found.add(next)
  return found
}
