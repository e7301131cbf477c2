import fc from 'fast-check'
import { readWorkspace } from '../../../dsl/index.ts'
import type { Definition } from '../../../engine/index.ts'
import { bruteForce, type Told } from './brute-force.ts'
import { contradictions } from './contradictions.ts'
import { differences } from './cross-check.ts'
import { nameAt } from './names.ts'
import { randomWorkspace } from './random-process.ts'
import { findingsOf } from './verifier.ts'
import { walk } from './walk.ts'

/** More states than this are too many for brute force. */
const most = 600
/** How many failing examples are made small, which takes a while. */
const fewShown = 3

interface Checked {
  readonly failures: readonly string[]
  readonly codes: readonly string[]
}

/** Holds the verifier against brute force and against walks by chance, for as many random processes as there are rounds. */
export function crossCheck(
  rounds: number,
  seed: number,
): { readonly figures: Readonly<Record<string, number>>; readonly failures: readonly string[] } {
  const figures: Record<string, number> = { compared: 0, 'too large': 0, sound: 0 }
  const failures: string[] = []
  const count = (what: string) => {
    figures[what] = (figures[what] ?? 0) + 1
  }
  for (const [index, text] of fc.sample(randomWorkspace(), { numRuns: rounds, seed }).entries()) {
    const checked = check(text, seed + index)
    count(checked ? 'compared' : 'too large')
    if (!checked) continue
    if (checked.codes.length === 0) count('sound')
    for (const code of new Set(checked.codes)) count(code)
    if (checked.failures.length === 0) continue
    const shown = failures.length < fewShown ? smallest(text, checked.failures) : checked.failures.join('\n')
    failures.push(`seed ${seed}, process ${index}:\n${shown}`)
  }
  return { figures, failures }
}

/** One workspace; undefined where it is too large for brute force. */
export function check(text: string, seed: number): Checked | undefined {
  const { definition, problems } = readWorkspace([{ name: 'random.zgoda', text }])
  if (!definition?.processes.main) {
    return { failures: problems.map(({ line, message }) => `line ${line}: ${message}`), codes: [] }
  }
  const answer = bruteForce(definition, 'main', most)
  if (!answer) return undefined
  const codes = answer.told.map(({ code }) => code)
  const walked = walk(definition, 'main', { walks: 5, length: 15, chance: chances(seed) })
  try {
    return {
      failures: [...differences(definition, 'main', answer), ...contradictions(toldBy(definition), walked)],
      codes,
    }
  } catch (error) {
    return { failures: [`the verifier fails: ${error instanceof Error ? error.stack : error}`], codes }
  }
}

function toldBy(definition: Definition): readonly Told[] {
  return findingsOf(definition, 'main').map(({ code, at }) => ({ code, at: nameAt(definition, 'main', at) ?? '' }))
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A failing workspace with all lines left out that the failure does not need, and what fails in it. */
function smallest(text: string, failures: readonly string[]): string {
  const sort = (failure: string | undefined) => failure?.split(/[ :]/)[0]
  const failuresIn = (lines: readonly string[]) => {
    const { definition } = readWorkspace([{ name: 'random.zgoda', text: lines.join('\n') }])
    const checked = definition?.processes.main ? check(lines.join('\n'), 0) : undefined
    return checked?.failures.some((each) => sort(each) === sort(failures[0])) ? checked.failures : undefined
  }
  let lines = text.split('\n')
  for (let size = 8; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= lines.length; ) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)]
      if (failuresIn(fewer)) lines = fewer
      else at += 1
    }
  }
  return [...(failuresIn(lines) ?? failures), ...lines].join('\n')
}
