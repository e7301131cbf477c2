import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatFile, isScenarioFile, isWorkspaceFile, loadFolder, readScenarios } from '../../dsl/index.ts'
import { testAll } from '../../runtime/cli/test-run.ts'
import { ownWords } from '../../runtime/mail/own-words.ts'

// The flower shop is two workspaces in one folder, and tests of its own hold them against each other.
const examples = readdirSync('examples').filter((name) => name !== 'florist')

describe.each(examples)('the example %s', async (name) => {
  const { files } = await loadFolder(`examples/${name}`, (file) => isWorkspaceFile(file) || isScenarioFile(file))

  it.each(files)('has $name in the canonical layout', (file) => {
    expect(formatFile(file)).toEqual({ text: file.text })
  })

  it('has scenarios that come true, and that show every stage and every transition', () => {
    const [tests, workspace] = [isScenarioFile, isWorkspaceFile].map((wanted) =>
      files.filter((file) => wanted(file.name)),
    )
    const { scenarios, problems, coverage } = testAll(
      readScenarios(tests ?? [], { files: workspace ?? [], problems: [] }),
      ownWords,
    )
    expect(problems).toEqual([])
    expect(scenarios.filter(({ failure }) => failure)).toEqual([])
    const processes = coverage.flatMap((each) => each.processes)
    expect(processes.length).toBeGreaterThan(0)
    expect(processes.flatMap(({ stages, transitions }) => [...stages.missing, ...transitions.missing])).toEqual([])
  })
})
