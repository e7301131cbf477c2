import type { Finding } from '../checks/check.ts'
import type { Action, Definition, Process } from '../definition.ts'
import { own } from '../named.ts'
import { placeInWords } from '../wording.ts'

type Start = Extract<Action, { kind: 'start' }>

/**
 * Z304 across processes: cases that start each other without end, each as it begins. Only what no condition can keep from happening is told:
 * the run time bounds the rest.
 */
export function* endlessStarts(definition: Definition): Iterable<Finding> {
  const told = new Set<string>()
  for (const { name } of Object.values(definition.processes)) {
    const ring = ringFrom(definition, name)
    const [first] = ring
    const key = ring
      .map((start) => start.process)
      .toSorted()
      .join(' ')
    if (!first || told.has(key)) continue
    told.add(key)
    const where = ring.map(({ at }) => placeInWords(at)).join(', ')
    yield {
      at: first.at,
      process: name,
      message: `cases start each other for ever, each as soon as it begins: ${where}`,
      hint: 'give one of them a condition that becomes false, or start the next case when something has happened in this one',
      path: [
        ...ring.map(
          ({ process }, at) =>
            `a case of \`${ring[at - 1]?.process ?? name}\` begins, and starts one of \`${process}\``,
        ),
        `and so on without end: ${where}`,
      ],
    }
  }
}

/** The starts that lead from a process back to itself, the fewest there are; empty where none do. */
function ringFrom(definition: Definition, name: string): readonly Start[] {
  let ways: readonly (readonly Start[])[] = [[]]
  const seen = new Set<string>()
  while (ways.length > 0) {
    const longer: (readonly Start[])[] = []
    for (const way of ways) {
      const from = own(definition.processes, way.at(-1)?.process ?? name)
      for (const start of from ? startsAtOnce(from) : []) {
        if (start.process === name) return [...way, start]
        if (!seen.has(start.process)) longer.push([...way, start])
        seen.add(start.process)
      }
    }
    ways = longer
  }
  return []
}

/** What every case of a process starts as it begins. Where its first stage needs a consent, a case may not be there. */
function startsAtOnce({ stages }: Process): readonly Start[] {
  const [first] = Object.values(stages)
  if (!first || first.needs.length > 0) return []
  return first.enter.filter((action): action is Start & Action => action.kind === 'start' && action.when === undefined)
}
