import { maxSteps } from '../turn.ts'
import { addAll, and, type Bits, has, isEmpty, least, meet, minus, none, only, or } from './bits.ts'
import { after, before } from './operation.ts'
import type { Edge, Node, System } from './system.ts'

/** The first time that some points came to a node, and from where. */
interface Arrival {
  readonly node: Node
  readonly points: Bits
  readonly edge?: Edge
  /** The points that the edge was followed from. */
  readonly source?: Bits
}

/** All that cases of a system come to. */
export interface Exploration {
  readonly system: System
  readonly reached: ReadonlyMap<Node, Bits>
  /** In the order of how soon. */
  readonly arrivals: readonly Arrival[]
}

/** One step of a way: the edge followed, and the facts before and after it. */
export interface WayStep {
  readonly edge: Edge
  readonly from: number
  readonly to: number
}

/** Follows a system from its start until nothing new comes. How soon it comes is worked out when somebody asks for a way. */
export function explore(system: System): Exploration {
  let arrivals: readonly Arrival[] | undefined
  return {
    system,
    reached: reachedFrom(system),
    get arrivals() {
      arrivals ??= arrivalsIn(system)
      return arrivals
    },
  }
}

function reachedFrom(system: System): ReadonlyMap<Node, Bits> {
  const reached = new Map<Node, Bits>()
  const waiting = new Map<Node, Bits>()
  const order = orderOfStages(system)
  const arrive = (node: Node, points: Bits) => {
    const known = reached.get(node)
    const fresh = known ? minus(points, known) : points
    if (isEmpty(fresh)) return
    if (known) addAll(known, fresh)
    else reached.set(node, fresh.slice())
    wait(waiting, node, fresh)
  }
  arrive(system.start, firstPoint(system))
  for (let node = soonest(waiting, order); node; node = soonest(waiting, order)) {
    const points = waiting.get(node) ?? node.facts.space.nothing
    waiting.delete(node)
    for (const edge of system.exitsOf(node).edges) {
      const led = after(node.facts.space, edge.operations, points)
      if (!isEmpty(led)) arrive(edge.to, led)
    }
  }
  return reached
}

function orderOfStages({ facts }: System): ReadonlyMap<string, number> {
  return new Map(Object.keys(facts.program.process.stages).map((stage, index) => [stage, index]))
}

function wait(waiting: Map<Node, Bits>, node: Node, fresh: Bits): void {
  const known = waiting.get(node)
  if (known) addAll(known, fresh)
  else waiting.set(node, fresh.slice())
}

/** The same in the order of how soon. Happenings count as steps; what follows from one does not. */
function arrivalsIn(system: System): readonly Arrival[] {
  const arrivals: Arrival[] = []
  const reached = new Map<Node, Bits>()
  let now = new Map<Node, Bits>()
  let next = new Map<Node, Bits>()
  const arrive = (node: Node, points: Bits, edge?: Edge, source?: Bits) => {
    const known = reached.get(node)
    const fresh = known ? minus(points, known) : points
    if (isEmpty(fresh)) return
    if (known) addAll(known, fresh)
    else reached.set(node, fresh.slice())
    arrivals.push({ node, points: fresh, ...(edge && { edge }), ...(source && { source }) })
    wait(isQuiet(node) ? next : now, node, fresh)
  }
  const order = orderOfStages(system)
  arrive(system.start, firstPoint(system))
  while (next.size > 0) {
    now = next
    next = new Map()
    for (let node = soonest(now, order); node; node = soonest(now, order)) {
      const points = now.get(node) ?? node.facts.space.nothing
      now.delete(node)
      for (const edge of system.exitsOf(node).edges) {
        const led = after(node.facts.space, edge.operations, points)
        if (!isEmpty(led)) arrive(edge.to, led, edge, points)
      }
    }
  }
  return arrivals
}

/** What comes of one step from some points, until the case rests again. */
export function follow(system: System, first: Edge, points: Bits): Exploration {
  const arrivals: Arrival[] = [{ node: first.from, points }]
  const reached = new Map<Node, Bits>([[first.from, points.slice()]])
  const waiting: { readonly edge: Edge; readonly source: Bits }[] = [{ edge: first, source: points }]
  for (const { edge, source } of waiting) {
    const led = after(edge.from.facts.space, edge.operations, source)
    const known = reached.get(edge.to)
    const fresh = known ? minus(led, known) : led
    if (isEmpty(fresh)) continue
    reached.set(edge.to, known ? or(known, fresh) : fresh)
    arrivals.push({ node: edge.to, points: fresh, edge, source })
    if (isQuiet(edge.to)) continue
    for (const next of system.exitsOf(edge.to).edges) waiting.push({ edge: next, source: fresh })
  }
  return { system, reached, arrivals }
}

/** Of the nodes that wait, one of the earliest stage: what comes to later ones comes together then. */
function soonest(waiting: ReadonlyMap<Node, Bits>, order: ReadonlyMap<string, number>): Node | undefined {
  let found: Node | undefined
  let least = Number.POSITIVE_INFINITY
  for (const node of waiting.keys()) {
    const place = order.get(node.stage) ?? -1
    if (place >= least) continue
    least = place
    found = node
  }
  return found
}

/** Whether a case stays at a node until something happens. */
export function isQuiet({ kind }: Node): boolean {
  return kind === 'rest' || kind === 'before'
}

function firstPoint({ start: { facts } }: System): Bits {
  return only(facts.space.words, 0)
}

/** From which of the points reached a way leads to `goal`. */
export function fromWhere({ system, reached }: Exploration, goal: ReadonlyMap<Node, Bits>): ReadonlyMap<Node, Bits> {
  const into = new Map<Node, Edge[]>()
  for (const node of reached.keys()) {
    for (const edge of system.exitsOf(node).edges) {
      if (!reached.has(edge.to)) continue
      const known = into.get(edge.to)
      if (known) known.push(edge)
      else into.set(edge.to, [edge])
    }
  }
  const found = new Map<Node, Bits>()
  const waiting = new Map<Node, Bits>()
  const add = (node: Node, points: Bits) => {
    const known = found.get(node) ?? none(node.facts.space.words)
    const fresh = minus(points, known)
    if (isEmpty(fresh)) return
    addAll(known, fresh)
    found.set(node, known)
    const waits = waiting.get(node)
    if (waits) addAll(waits, fresh)
    else waiting.set(node, fresh.slice())
  }
  for (const [node, points] of goal) add(node, and(points, reached.get(node) ?? node.facts.space.nothing))
  for (const [node, points] of waiting) {
    waiting.delete(node)
    for (const edge of into.get(node) ?? []) {
      const { space } = edge.from.facts
      add(edge.from, and(before(space, edge.operations, points), reached.get(edge.from) ?? space.nothing))
    }
  }
  return found
}

/** A shortest way from the start to a node with one of some points; undefined where none was reached. */
export function wayTo(exploration: Exploration, node: Node, points: Bits): readonly WayStep[] | undefined {
  const { arrivals } = exploration
  const first = arrivals.findIndex((arrival) => arrival.node === node && meet(arrival.points, points))
  const found = arrivals[first]
  if (!found) return undefined
  const steps: WayStep[] = []
  let index = first
  let point = least(and(found.points, points))
  for (;;) {
    const arrival = arrivals[index]
    const { edge, source } = arrival ?? {}
    if (!arrival || !edge || !source) break
    const from = oneThatLeads(edge, source, point)
    steps.unshift({ edge, from, to: point })
    index = arrivals.findIndex((each) => each.node === edge.from && has(each.points, from))
    point = from
  }
  return steps
}

/** One of `source` from which a step may lead to a point. */
function oneThatLeads({ from, to, operations }: Edge, source: Bits, goal: number): number {
  return least(and(before(from.facts.space, operations, only(to.facts.space.words, goal)), source))
}

/** Where cases rest in a stage; undefined where none does. */
export function restOf(
  { reached }: Exploration,
  stage: string,
): { readonly node: Node; readonly points: Bits } | undefined {
  for (const [node, points] of reached) if (node.kind === 'rest' && node.stage === stage) return { node, points }
  return undefined
}

/** Whether there was more to tell apart than could be. */
export function isRough({ reached }: Exploration): boolean {
  return [...reached.keys()].some(({ facts }) => facts.rough)
}

/** What may follow by itself from a step, until the case rests; cut short where it never does. */
export function onwards({ system }: Exploration, { edge, to }: WayStep): readonly WayStep[] {
  const steps: WayStep[] = []
  let node = edge.to
  let point = to
  while (!isQuiet(node) && steps.length < maxSteps) {
    const { space } = node.facts
    const from = only(space.words, point)
    const next = system.exitsOf(node).edges.find(({ operations }) => !isEmpty(after(space, operations, from)))
    if (!next) break
    const led = after(space, next.operations, from)
    const then = has(led, point) ? point : least(led)
    steps.push({ edge: next, from: point, to: then })
    node = next.to
    point = then
  }
  return steps
}
