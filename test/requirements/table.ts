import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs the requirements' tests and prints row by row what each proved. Ends with 1 where a test failed, was skipped, or a row has none.
 * `npm run test:requirements`
 */

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

const rows = Array.from({ length: 16 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`)

function run(): Report {
  const folder = mkdtempSync(join(tmpdir(), 'zgoda-requirements-'))
  const file = join(folder, 'report.json')
  try {
    const args = [
      'run',
      '--project',
      'requirements',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]
    spawnSync('vitest', args, { stdio: ['ignore', 2, 2] })
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `R11 and R13: …` speaks of two rows. */
function rowsOf(title: string): readonly string[] {
  return /^((?:R\d\d(?:,| and|–)? ?)+):/.exec(title)?.[1]?.match(/R\d\d/g) ?? []
}

const tests = run().testResults.flatMap(({ assertionResults }) => assertionResults)
let whole = true
for (const row of rows) {
  const own = tests.filter(({ ancestorTitles: [about = ''] }) => rowsOf(about).includes(row))
  const held = own.length > 0 && own.every(({ status }) => status === 'passed')
  whole &&= held
  const about = own[0]?.ancestorTitles[0]?.replace(/^[^:]*: /, '') ?? 'no test yet'
  process.stdout.write(`\n${row}  ${held ? 'shown' : 'NOT SHOWN'}  ${about}\n`)
  for (const { title, status } of own)
    process.stdout.write(`     ${status === 'passed' ? 'it' : status.toUpperCase()} ${title}\n`)
}
process.exitCode = whole ? 0 : 1
