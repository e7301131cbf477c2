import { failureLines } from './test-report.ts'
import type { Tested, TestedScenario } from './test-run.ts'

/** Scenarios as JUnit XML, which CI servers read: a suite a file, a case a scenario. */
export function junitXml({ scenarios, problems }: Tested): string {
  const suites = [...Map.groupBy(scenarios, ({ file }) => file)]
  const mistakes = problems.map(
    ({ code, message, file, line, column }) => `${file}:${line}:${column}: ${code}: ${message}`,
  )
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="zgoda test"${counts(scenarios)}>`,
    ...suites.flatMap(([file, listed]) => [
      `  <testsuite${attribute('name', file)}${counts(listed)}>`,
      ...listed.flatMap((each) => testCase(each, mistakes)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function counts(scenarios: readonly TestedScenario[]): string {
  const failures = scenarios.filter(({ failure }) => failure && !failure.unread).length
  const errors = scenarios.filter(({ failure }) => failure?.unread).length
  return ` tests="${scenarios.length}" failures="${failures}" errors="${errors}"`
}

function testCase({ name, file, line, failure }: TestedScenario, mistakes: readonly string[]): readonly string[] {
  const head = `    <testcase${attribute('name', name)}${attribute('classname', file)}${attribute('file', file)} line="${line}"`
  if (!failure) return [`${head}/>`]
  const tag = failure.unread ? 'error' : 'failure'
  const words = failure.unread ? mistakes.join('\n') : failureLines(failure, { colours: false }).join('\n')
  const message = attribute('message', failure.lines.join('; ').replace(/\s+/g, ' '))
  return [`${head}>`, `      <${tag}${message}>${escaped(words)}</${tag}>`, '    </testcase>']
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
