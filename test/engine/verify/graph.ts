import type { Explored, Step } from './explore.ts'

/** All states that `goals` can be reached from, by steps that are `open`. */
export function reaching(
  explored: Explored,
  goals: Iterable<number>,
  isOpen: (from: number, step: Step) => boolean,
): ReadonlySet<number> {
  const sources: number[][] = explored.rests.map(() => [])
  for (const [from, steps] of explored.steps.entries()) {
    for (const step of steps) if (isOpen(from, step)) sources[step.to]?.push(from)
  }
  const found = new Set(goals)
  for (const at of found) for (const from of sources[at] ?? []) found.add(from)
  return found
}

/** All states that some states lead to, themselves among them. */
export function reachedFrom(
  beginnings: Iterable<number>,
  stepsOf: (at: number) => readonly Step[],
): ReadonlySet<number> {
  const found = new Set(beginnings)
  for (const at of found) for (const { to } of stepsOf(at)) found.add(to)
  return found
}
