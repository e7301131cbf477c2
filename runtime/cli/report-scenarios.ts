import { basename, dirname, resolve } from 'node:path'
import { isScenarioFile, isWorkspaceFile, loadFolder, readScenarios, type SourceFile } from '../../dsl/index.ts'
import { compile, failureInWords, type Machine, simulate, storyInWords, type Telling } from '../../engine/index.ts'
import type { Outcome } from '../../engine/report/index.ts'
import { ownWordsFor } from './own-words.ts'

/**
 * Plays the scenarios of a workspace: those in its folder and, where the folder around it is no workspace itself, those that lie in
 * that one, as in `examples/florist`. Files with mistakes are passed over here: `zgoda test` tells of them.
 */
export async function playScenarios(dir: string, workspace: readonly SourceFile[]): Promise<readonly Outcome[]> {
  const tests = [...(await loadFolder(dir, isScenarioFile)).files, ...(await testsAround(dir))]
  if (tests.length === 0) return []
  const { suites } = readScenarios(tests, { files: workspace, problems: [] })
  const ownWords = await ownWordsFor(suites.flatMap(({ scenarios }) => scenarios))
  return suites.flatMap(({ definition, scenarios }) => {
    const machines = new Map(Object.keys(definition.processes).map((name) => [name, compile(definition, name)]))
    return scenarios.flatMap((scenario): Outcome[] => {
      const machine = machines.get(scenario.process)
      if (!machine) return []
      return [{ scenario, ...failureOf(machine, simulate(machine, scenario, ownWords)) }]
    })
  })
}

function failureOf(machine: Machine, { failure, story }: Telling): Pick<Outcome, 'failure'> {
  if (!failure) return {}
  const because =
    failure.kind === 'different'
      ? failure.differences.map(({ what, wanted, found }) => `${what}: expected ${wanted}, found ${found}`)
      : failureInWords(failure)
  const told = storyInWords(machine, story).map(({ words }) => words)
  return { failure: { because: because.join('; '), at: failure.step.at, story: told } }
}

async function testsAround(dir: string): Promise<readonly SourceFile[]> {
  const around = dirname(resolve(dir))
  const isBeside = (name: string) => isScenarioFile(name) || isWorkspaceFile(name)
  const { files } = await loadFolder(around, isBeside).catch(() => ({ files: [] }))
  const beside = files.filter(({ name }) => !name.includes('/'))
  if (beside.some(({ name }) => isWorkspaceFile(basename(name)))) return []
  return beside.map(({ name, text }) => ({ name: `../${name}`, text }))
}
