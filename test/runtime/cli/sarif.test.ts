import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Diagnostic, readWorkspace } from '../../../dsl/index.ts'
import { checks } from '../../../runtime/checked-workspace.ts'
import { sarifLog } from '../../../runtime/cli/sarif.ts'
import { zgoda } from './zgoda.ts'

const problem: Diagnostic = {
  code: 'Z201',
  severity: 'error',
  message: 'there is no field `alergy`',
  hint: 'did you mean `allergy`?',
  fix: 'allergy',
  file: 'order.zgoda',
  line: 5,
  column: 19,
  endLine: 5,
  endColumn: 25,
  path: [],
}

let isValid: (log: unknown) => void

/** The official schema is of JSON Schema draft 04, which differs from ours in the name of `$id` alone, as far as it is used. */
beforeAll(async () => {
  const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
  const { id: $id, $schema: _, ...schema } = JSON.parse(await readFile(file, 'utf8'))
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile({
    $id,
    ...schema,
  })
  isValid = (log) => {
    validate(JSON.parse(JSON.stringify(log)))
    expect(validate.errors).toBeNull()
  }
})

describe('problems as SARIF', () => {
  it('obey the official schema, for every check and its wrong example', () => {
    const found = checks.flatMap(({ wrong, wrongYaml }) => [
      ...readWorkspace([{ name: 'example.zgoda', text: wrong }]).problems,
      ...readWorkspace([{ name: 'example.yaml', text: wrongYaml }]).problems,
    ])
    expect(new Set(found.map(({ code }) => code)).size).toBeGreaterThan(8)
    isValid(sarifLog(found, '.'))
    isValid(sarifLog([], '.'))
    isValid(sarifLog([{ ...problem, path: ['the case starts in New', 'after 14 days …'] }], '/tmp'))
  })

  it('is refused by the schema where it is wrong, so that the test above means something', () => {
    const log = sarifLog([{ ...problem, line: 0 }], '.')
    expect(() => isValid(log)).toThrow()
    expect(() => isValid({ ...log, version: '2.0.0' })).toThrow()
  })

  it('carry rule, message, hint, place and fix', () => {
    const [run] = sarifLog([problem], 'examples').runs
    const region = { startLine: 5, startColumn: 19, endLine: 5, endColumn: 25 }
    const artifactLocation = { uri: 'order.zgoda', uriBaseId: '%SRCROOT%' }
    expect(run?.results).toEqual([
      {
        ruleId: 'Z201',
        ruleIndex: checks.findIndex(({ code }) => code === 'Z201'),
        level: 'error',
        message: { text: 'there is no field `alergy`. Help: did you mean `allergy`?' },
        locations: [{ physicalLocation: { artifactLocation, region } }],
        fixes: [
          {
            description: { text: 'did you mean `allergy`?' },
            artifactChanges: [
              { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: 'allergy' } }] },
            ],
          },
        ],
      },
    ])
    expect(run?.columnKind).toBe('utf16CodeUnits')
    expect(run?.originalUriBaseIds['%SRCROOT%'].uri).toBe(`${pathToFileURL('examples').href}/`)
  })

  it('describe each check as a rule', () => {
    const rules = sarifLog([], '.').runs[0]?.tool.driver.rules ?? []
    expect(rules.map(({ id }) => id)).toEqual(checks.map(({ code }) => code))
    const z408 = rules.find(({ id }) => id === 'Z408')
    expect(z408?.defaultConfiguration).toEqual({ level: 'error' })
    expect(z408?.help.text).toContain('Source: GDPR Art. 7(3).')
    expect(z408?.help.markdown).toContain('```\npurpose treatment "Treat you"')
  })

  it('show the steps of a case as a code flow', () => {
    const [run] = sarifLog([{ ...problem, path: ['the case starts in New', 'after 14 days it is late'] }], '.').runs
    const steps = run?.results[0]?.codeFlows?.[0]?.threadFlows[0]?.locations.map(
      ({ location }) => location.message.text,
    )
    expect(steps).toEqual(['the case starts in New', 'after 14 days it is late'])
  })

  it('name a file as a URI, and take no bracket of the author for a link', () => {
    const [run] = sarifLog([{ ...problem, file: 'łąka & co/a b#1.zgoda', message: '`[x](1)` [y]' }], '.').runs
    const [result] = run?.results ?? []
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      '%C5%82%C4%85ka%20%26%20co/a%20b%231.zgoda',
    )
    expect(result?.message.text).toMatch(/^`\\\[x\]\(1\)` \[y\]\. Help/)
  })

  it('are printed by `zgoda check --format sarif`', async () => {
    const { code, out } = await zgoda(['check', 'examples/clinic', '--format', 'sarif'])
    expect(code).toBe(0)
    isValid(JSON.parse(out))
  })
})
