import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readWorkspace } from '../../dsl/index.ts'

/**
 * A case of the language: a text, and every problem that it has, by place. Anyone adds one to a file of `cases/`.
 * `message` and `hint` are stretches of what is said.
 */
interface Case {
  readonly it: string
  readonly source: string
  /** Zgoda text if left out. */
  readonly notation?: 'yaml'
  readonly problems?: readonly {
    readonly code: string
    /** `line:column-line:column`, the end after the last character. */
    readonly at: string
    readonly message?: string
    readonly hint?: string
  }[]
}

const folder = join(import.meta.dirname, 'cases')

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const cases = parse(readFileSync(join(folder, file), 'utf8')) as Case[]
  describe(file.replace('.yaml', '').replaceAll('-', ' '), () => {
    for (const each of cases) {
      it(each.it, () => {
        const { definition, problems } = readWorkspace([
          { name: `case.${each.notation ?? 'zgoda'}`, text: each.source },
        ])
        const wanted = each.problems ?? []
        const found = problems.map((problem) => ({
          code: problem.code,
          at: `${problem.line}:${problem.column}-${problem.endLine}:${problem.endColumn}`,
        }))
        const said = problems.map(({ line, message, hint }) => `${line}: ${message} (${hint})`).join('\n')
        expect(found, said).toEqual(wanted.map(({ code, at }) => ({ code, at })))
        for (const [index, { message, hint }] of wanted.entries()) {
          if (message) expect(problems[index]?.message).toContain(message)
          if (hint) expect(problems[index]?.hint).toContain(hint)
        }
        expect(definition === undefined).toBe(wanted.length > 0)
      })
    }
  })
}
