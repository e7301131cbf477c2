import type { Finding } from '../checks/check.ts'
import { placeInWords } from '../wording.ts'
import { and, type Bits, has, isEmpty, least, meet, only, or } from './bits.ts'
import { type Exploration, isQuiet, isRough, type WayStep } from './explore.ts'
import { after, before } from './operation.ts'
import { pathTo } from './places.ts'
import type { Proof } from './proof.ts'
import type { Node } from './system.ts'

/** Z304: where what follows from one happening never ends. */
export function* endless({ program, every }: Proof): Iterable<Finding> {
  if (isRough(every) || !mayGoRound(program)) return
  const seen = new Set<string>()
  const places = runningOn(every)
  for (const { node, points } of places.size === 0 ? [] : every.arrivals) {
    const there = places.get(node)
    if (!there || !meet(points, there)) continue
    const round = roundFrom(every, places, node, least(and(points, there)))
    const rules = [...new Set(round.flatMap(({ edge }) => (edge.rule === undefined ? [] : [edge.rule])))]
    const key = rules.toSorted().join(' ')
    if (seen.has(key)) continue
    seen.add(key)
    const found = rules.flatMap((id) => program.rules.get(id)?.rule ?? [])
    const where = found.map(({ at }) => placeInWords(at)).join(', ')
    const [first] = round
    const { path = [], steps = [] } = first
      ? pathTo(every, first.edge.from, only(first.edge.from.facts.space.words, first.from))
      : {}
    yield {
      at: found[0]?.at ?? program.process.at,
      process: program.process.name,
      message: `rules fire each other for ever: ${where}`,
      hint: 'give one of them a condition that becomes false, or let it wait: `after …`',
      path: [...path, `and so on without end: ${where}`],
      steps,
    }
  }
}

/** Whether stages can lead to each other in a round without anything happening outside. */
function mayGoRound({ process, stages }: Proof['program']): boolean {
  const next = new Map<string, readonly string[]>()
  for (const [name, { stage, rules }] of stages) {
    const byItself = rules.flatMap(({ rule, goTo, mayGoTo }) =>
      rule.trigger.kind === 'when' || rule.trigger.kind === 'consent' ? (goTo ?? mayGoTo ?? []) : [],
    )
    next.set(name, [...byItself, ...stage.needs.map(({ otherwise }) => otherwise)])
  }
  return Object.keys(process.stages).some((start) => {
    const seen = new Set(next.get(start))
    for (const stage of seen) for (const to of next.get(stage) ?? []) seen.add(to)
    return seen.has(start)
  })
}

/** Where a macrostep may go on for ever: from each of them it leads to another. */
function runningOn({ system, reached }: Exploration): ReadonlyMap<Node, Bits> {
  const found = new Map([...reached].filter(([node]) => !isQuiet(node)))
  for (let changed = true; changed; ) {
    changed = false
    for (const [node, points] of found) {
      const { space } = node.facts
      let stays = space.nothing
      for (const edge of system.exitsOf(node).edges) {
        const goal = found.get(edge.to)
        if (goal) stays = or(stays, and(before(space, edge.operations, goal), points))
      }
      if (isEmpty(stays)) found.delete(node)
      else if (stays.some((word, at) => word !== points[at])) found.set(node, stays)
      else continue
      changed = true
    }
  }
  return found
}

/** One round of what never ends, from where it comes round for the first time. */
function roundFrom(
  { system }: Exploration,
  places: ReadonlyMap<Node, Bits>,
  from: Node,
  start: number,
): readonly WayStep[] {
  const steps: WayStep[] = []
  const seen = new Map<string, number>()
  let node = from
  let point = start
  for (;;) {
    const known = seen.get(`${node.key}:${point}`)
    if (known !== undefined) return steps.slice(known)
    seen.set(`${node.key}:${point}`, steps.length)
    const { space } = node.facts
    const next = system.exitsOf(node).edges.find((edge) => {
      const there = places.get(edge.to)
      return there !== undefined && meet(after(space, edge.operations, only(space.words, point)), there)
    })
    const there = next && places.get(next.to)
    if (!next || !there) return steps
    const led = and(after(space, next.operations, only(space.words, point)), there)
    const to = has(led, point) ? point : least(led)
    steps.push({ edge: next, from: point, to })
    node = next.to
    point = to
  }
}
