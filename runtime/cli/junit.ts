import type { Diagnostic } from '../../dsl/index.ts'
import { failureLines } from './test-report.ts'
import type { Tested, TestedScenario } from './test-run.ts'

interface Case {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly wrong?: { readonly tag: 'failure' | 'error'; readonly message: string; readonly words: string }
}

/** Scenarios as JUnit XML, which CI servers read: a suite a file, a case a scenario, and one for mistakes in the files. */
export function junitXml({ scenarios, problems }: Tested): string {
  const cases = [...problems.slice(0, 1).map((first) => unreadable(first, problems)), ...scenarios.map(caseOf)]
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="zgoda test"${counts(cases)}>`,
    ...[...Map.groupBy(cases, ({ file }) => file)].flatMap(([file, listed]) => [
      `  <testsuite${attribute('name', file)}${counts(listed)}>`,
      ...listed.flatMap(elementOf),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function unreadable({ file, line }: Diagnostic, problems: readonly Diagnostic[]): Case {
  const words = problems.map((each) => `${each.file}:${each.line}:${each.column}: ${each.code}: ${each.message}`)
  const wrong = { tag: 'error', message: words[0] ?? '', words: words.join('\n') } as const
  return { name: 'The files can be read', file, line, wrong }
}

function caseOf({ name, file, line, failure }: TestedScenario): Case {
  if (!failure) return { name, file, line }
  const message = failure.lines.join('; ').replace(/\s+/g, ' ')
  const words = failureLines(failure, { colours: false }).join('\n')
  return { name, file, line, wrong: { tag: failure.unread ? 'error' : 'failure', message, words } }
}

function counts(cases: readonly Case[]): string {
  const count = (tag: string) => cases.filter(({ wrong }) => wrong?.tag === tag).length
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`
}

function elementOf({ name, file, line, wrong }: Case): readonly string[] {
  const head = `    <testcase${attribute('name', name)}${attribute('classname', file)}${attribute('file', file)} line="${line}"`
  if (!wrong) return [`${head}/>`]
  const { tag, message, words } = wrong
  return [`${head}>`, `      <${tag}${attribute('message', message)}>${escaped(words)}</${tag}>`, '    </testcase>']
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escaped(value).replace(/\s/g, ' ')}"`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text that XML 1.0 takes anywhere: what it has no way to write (§2.2, control characters and halves of pairs) is replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}
