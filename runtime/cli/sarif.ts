import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Check, Diagnostic } from '../../dsl/index.ts'
import { checks } from '../checked-workspace.ts'
import { version } from '../version.ts'

/** Stands for the workspace's folder in every location, so that a log made elsewhere can be opened here. */
const root = '%SRCROOT%'

/** Problems as SARIF 2.1.0, which code hosts and editors read. */
export function sarifLog(problems: readonly Diagnostic[], dir: string) {
  const uri = `${pathToFileURL(resolve(dir)).href.replace(/\/$/, '')}/`
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'zgoda', semanticVersion: version, rules: checks.map(ruleOf) } },
        invocations: [{ executionSuccessful: true }],
        originalUriBaseIds: { [root]: { uri, description: { text: 'The folder of the workspace' } } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(resultOf),
      },
    ],
  }
}

function ruleOf(check: Check) {
  const { code, severity, title, rule, source, wrong, right } = check
  const law = source ? ` Source: ${source}.` : ''
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: rule },
    help: {
      text: `${rule}${law}\n\nWrong:\n\n${wrong}\n\nRight:\n\n${right}`,
      markdown: `${rule}${law}\n\nWrong:\n\n${fenced(wrong)}\n\nRight:\n\n${fenced(right)}`,
    },
    defaultConfiguration: { level: severity },
  }
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``
}

function resultOf(problem: Diagnostic) {
  const { code, severity, message, hint, file, path, fix } = problem
  const ruleIndex = checks.findIndex((check) => check.code === code)
  const artifactLocation = locationOf(file)
  const region = regionOf(problem)
  return {
    ruleId: code,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: severity,
    message: { text: plain(hint === undefined ? message : `${message}. Help: ${hint}`) },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    ...(path.length > 0 && { codeFlows: [flowOf(path)] }),
    ...(fix !== undefined && {
      fixes: [
        {
          description: { text: plain(hint ?? fix) },
          artifactChanges: [
            { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: fix } }] },
          ],
        },
      ],
    }),
  }
}

/** The steps of a case that show the problem; they happen in a process, not at a place of a file. */
function flowOf(path: readonly string[]) {
  return { threadFlows: [{ locations: path.map((step) => ({ location: { message: { text: plain(step) } } })) }] }
}

function locationOf(file: string) {
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: root }
}

function regionOf({ line, column, endLine, endColumn }: Diagnostic) {
  return { startLine: line, startColumn: column, endLine, endColumn }
}

/** A message of SARIF may hold links, `[words](target)`: brackets that an author wrote are none. */
function plain(words: string): string {
  return words.replace(/\[(?=[^\]]*\]\()/g, '\\[')
}
