import type { Finding } from '../checks/check.ts'
import type { Bits } from './bits.ts'
import { type Exploration, type WayStep, wayTo } from './explore.ts'
import type { Step } from './step.ts'
import { storyOf } from './story.ts'
import type { Node } from './system.ts'

/** The steps of a finding, as a finding carries them. */
export function told(steps: readonly Step[]): Pick<Finding, 'path' | 'steps'> {
  return { path: steps.map(({ words }) => words), steps }
}

/** The shortest way to a node with one of some points, told. */
export function pathTo(exploration: Exploration, node: Node, points: Bits): Pick<Finding, 'path' | 'steps'> {
  return told(storyOf(exploration.system, wayTo(exploration, node, points) ?? []))
}

/** The shortest way to a node and on over further steps, told. */
export function pathOver(
  exploration: Exploration,
  node: Node,
  points: Bits,
  further: readonly WayStep[],
): Pick<Finding, 'path' | 'steps'> {
  return told(storyOf(exploration.system, [...(wayTo(exploration, node, points) ?? []), ...further]))
}
