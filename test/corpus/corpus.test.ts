import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Diagnostic, loadFolder, type SourceFile } from '../../dsl/index.ts'
import { checks } from '../../runtime/checked-workspace.ts'
import { problemsOf } from './problems-of.ts'

interface Defect {
  readonly workspace: string
  readonly it: string
  readonly change: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
  readonly code: string
  readonly in?: string
  readonly at: string
  readonly path?: readonly string[]
}

const defects: readonly Defect[] = parse(readFileSync(new URL('defects.yaml', import.meta.url), 'utf8'))
const workspaces = [...new Set(defects.map(({ workspace }) => workspace))]

describe('the corpus', () => {
  const proved = checks.map(({ code }) => code).filter((code) => code >= 'Z300')

  it.each(proved)('tries %s at least twice', (code) => {
    expect(defects.filter((defect) => defect.code === code).length).toBeGreaterThan(1)
  })
})

describe.each(workspaces)('%s', async (workspace) => {
  const { files } = await loadFolder(workspace)

  it('is sound as it stands', () => {
    // The clinic's clients consent by letter, as the published table has it, so one without an address can't come in.
    const known = workspace === 'examples/clinic' ? ['Z418'] : []
    expect(problemsOf(files).map(({ code }) => code)).toEqual(known)
  })

  describe('with a defect', () => {
    it.each(defects.filter((defect) => defect.workspace === workspace))('$code: $it', (defect) => {
      const changed = withChanges(files, defect)
      const place = placeOf(changed, defect)
      const problems = problemsOf(changed)
      const found = problems.filter(
        ({ code, file, line, path }) =>
          code === defect.code && file === place.file && line === place.line && mentions(path, defect.path ?? []),
      )
      expect(found.length, told(problems, place)).toBeGreaterThan(0)
    })
  })
})

function withChanges(files: readonly SourceFile[], { change }: Defect): readonly SourceFile[] {
  return change.reduce(
    (changed, { file, find, replace }) =>
      changed.map((each) => (each.name === file ? { ...each, text: replaceOnce(each, find, replace) } : each)),
    files,
  )
}

function replaceOnce({ name, text }: SourceFile, find: string, replace: string): string {
  const start = indexOfOnly(name, text, find)
  return text.slice(0, start) + replace + text.slice(start + find.length)
}

function indexOfOnly(name: string, text: string, find: string): number {
  const start = text.indexOf(find)
  if (start < 0 || text.indexOf(find, start + 1) >= 0) {
    throw new Error(`\`${find}\` stands ${start < 0 ? 'nowhere' : 'more than once'} in ${name}`)
  }
  return start
}

interface Place {
  readonly file: string
  readonly line: number
}

function placeOf(files: readonly SourceFile[], { in: other, change, at }: Defect): Place {
  const file = other ?? change.at(-1)?.file ?? ''
  const text = files.find(({ name }) => name === file)?.text ?? ''
  return { file, line: text.slice(0, indexOfOnly(file, text, at)).split('\n').length }
}

/** Whether the steps say each of these things, one after the other. */
function mentions(steps: readonly string[], stretches: readonly string[]): boolean {
  const story = steps.join('\n')
  let from = 0
  return stretches.every((stretch) => {
    const start = story.indexOf(stretch, from)
    from = start + stretch.length
    return start >= 0
  })
}

function told(problems: readonly Diagnostic[], { file, line }: Place): string {
  const lines = problems.flatMap((each) => [
    `  ${each.code} ${each.file}:${each.line} ${each.message}`,
    ...each.path.map((step) => `    ${step}`),
  ])
  return [`expected at ${file}:${line}; reported were`, ...lines].join('\n')
}
