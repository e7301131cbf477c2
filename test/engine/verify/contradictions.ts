import type { Told } from './brute-force.ts'
import type { Walked } from './walk.ts'

/** What cases did on their walks that they can't do, if what was told of the process is true. */
export function contradictions(told: readonly Told[], { observed }: Walked): readonly string[] {
  const { entered, left, fired, held, outOfReach } = observed
  const did = (code: string, set: ReadonlySet<string>, what: string) =>
    told.flatMap((each) => (each.code === code && set.has(each.at) ? [`${code} ${each.at}, yet a case ${what}`] : []))
  const unconsented = new Set(told.flatMap(({ code, at }) => (code === 'Z402' ? [at] : [])))
  const untold = [...outOfReach].filter((name) => !unconsented.has(name))
  return [
    ...did('Z301', entered, 'came there'),
    ...did('Z302', left, 'left it'),
    ...did('Z306', fired, 'had it fire'),
    ...did('Z307', held, 'had it hold'),
    ...untold.map((name) => `a case used data out of reach in ${name}, yet no Z402 is told there`),
  ]
}
