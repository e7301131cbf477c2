import { scenariosShape, workspaceShape } from '../dsl/index.ts'
import { type Key, type RecordShape, recordIn, type Shape } from '../dsl/shape.ts'
import {
  actions,
  bases,
  caseRights,
  consentStatuses,
  type DeclarationKind,
  declarations,
  happenings,
  optionTypes,
  plainTypes,
  stageWords,
} from '../dsl/vocabulary.ts'
import { actionKeys, ruleKeys } from '../dsl/workspace-shape.ts'
import { checks } from '../runtime/checked-workspace.ts'

/** The page with each of its tables made anew, between `<!-- table: NAME -->` and `<!-- end -->`, and each list of words. */
export function fillTables(page: string): string {
  const listed = page.replace(/(<!-- words: (\w+) -->)[\s\S]*?(<!-- end -->)/g, (_all, open, name, close) => {
    const list = wordLists[name]
    if (!list) throw new Error(`the page asks for words \`${name}\` that there are not`)
    return `${open}${list.map(code).join(', ')}${close}`
  })
  return listed.replace(/(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_all, open, name, close) => {
    const rows = tables[name]
    if (!rows) throw new Error(`the page asks for a table \`${name}\` that there is not`)
    return `${open}${rows()}\n${close}`
  })
}

const wordLists: Readonly<Record<string, readonly string[]>> = { bases, rights: caseRights, statuses: consentStatuses }

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const code = (words: string) => `\`${words}\``

/** The words of a declaration in text with the keys of the same in YAML. */
function properties(kind: DeclarationKind, more: Readonly<Record<string, string>> = {}): string {
  const words: Readonly<Record<string, { readonly help: string }>> = { ...declarations[kind].properties }
  const keys = recordIn(workspaceShape.keys[declarations[kind].yaml]?.shape as Shape)?.keys ?? {}
  const both = new Set([...Object.keys(words), ...Object.keys(more)])
  const rows = [...both].map((word) => [
    code(more[word] ?? word),
    code(yamlOf(word, keys)),
    words[word]?.help ?? keys[word]?.help ?? '',
  ])
  return table(['in text', 'in YAML', 'what it says'], rows)
}

/** The key that says the same as a word: of the same name, but for a few. */
function yamlOf(word: string, keys: Readonly<Record<string, Key>>): string {
  if (Object.hasOwn(keys, word)) return word
  const others: Readonly<Record<string, string>> = {
    field: 'fields',
    stage: 'stages',
    final: 'stages: … final',
    forbid: 'manualEntry: forbidden',
  }
  return others[word] ?? word
}

function stages(): string {
  const keys = (recordIn(processShape().keys.stages?.shape as Shape) as RecordShape).keys
  const rows = Object.entries(stageWords).map(([word, { help }]) => [code(word), code(yamlOf(word, keys)), help])
  return table(['in text', 'in YAML', 'what it says'], rows)
}

function processShape(): RecordShape {
  return recordIn(workspaceShape.keys.processes?.shape as Shape) as RecordShape
}

const ruleTexts: Readonly<Record<keyof typeof ruleKeys, string>> = {
  reply: 'on reply from client [to LETTER] [saying "…" or "…"] [when EXPR]',
  form: 'on form NAME [when EXPR]',
  consent: 'on consent to PURPOSE given | refused | withdrawn',
  signal: 'on signal NAME [when EXPR]',
  when: 'when EXPR',
  after: 'after DURATION [when EXPR]',
  at: 'at EXPR [when EXPR]',
  casesDone: 'on cases done [when EXPR]',
  moves: 'move to STAGE [by ROLE, …] [as "…"] [when EXPR]',
}

function rules(): string {
  const passages: Row[] = (['enter', 'leave'] as const).map((word) => [
    code(`on ${word}`),
    code(word),
    `When ${happenings[word]}.`,
  ])
  const rows = (Object.keys(ruleKeys) as (keyof typeof ruleKeys)[]).map((key) => {
    const keys = Object.keys(recordIn(ruleKeys[key].shape)?.keys ?? {})
    return [code(ruleTexts[key]), code(`${key}: [{ ${keys.join(', ')} }]`), ruleKeys[key].help]
  })
  return table(['in text', 'in YAML', 'when'], [...passages, ...rows])
}

const actionWords: Readonly<Record<string, keyof typeof actionKeys>> = { record: 'recordConsent', go: 'goTo' }

function actionTable(): string {
  const rows = Object.entries(actions).map(([word, form]) => {
    const key = actionWords[word] ?? (word as keyof typeof actionKeys)
    const keys = Object.keys(recordIn(actionKeys[key].shape)?.keys ?? {})
    return [form, code(keys.length > 0 ? `${key}: { ${keys.join(', ')} }` : `${key}: …`)]
  })
  return table(['in text', 'in YAML'], rows)
}

const typeWords: Readonly<Record<string, string>> = {
  text: 'one line',
  'long text': 'several lines',
  number: 'a number',
  money: 'an amount',
  date: 'a day',
  'date and time': 'a moment',
  'yes/no': 'yes or no',
  email: 'an e-mail address of anybody',
  phone: 'a telephone number of anybody',
  'client email': 'how to reach the client in this case; never copied to the card, and letters `to client` prefer it',
  'client phone': 'the same, by telephone',
  file: 'a file',
  link: 'a web address',
  person: 'one of the staff',
  choice: 'one of its options: `choice (small, large)`; in YAML `options: [small, large]`',
  many: 'any number of its options',
}

/** What a key of a scenario takes: `STAGE or { to, by }`. */
function taken(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return '…'
    case 'word':
      return shape.words.join(' or ')
    case 'mention':
      return [...shape.of.map((kind) => kind.toUpperCase()), ...(shape.words ?? [])].join(' or ')
    case 'list':
      return `[${taken(shape.of)}, …]`
    case 'map':
      return `{ ${shape.names.toUpperCase()}: ${taken(shape.of)} }`
    case 'record':
      return `{ ${Object.keys(shape.keys).join(', ')} }`
    case 'either':
      return shape.of.map(taken).join(' or ')
  }
}

function keysOf(record: RecordShape): string {
  const rows = Object.entries(record.keys).map(([key, { shape, help }]) => [code(`${key}: ${taken(shape)}`), help])
  return table(['in YAML', 'what it says'], rows)
}

function stepShape(): RecordShape {
  const scenario = recordIn(scenariosShape.keys.scenarios?.shape as Shape) as RecordShape
  return recordIn(scenario.keys.steps?.shape as Shape) as RecordShape
}

const tables: Readonly<Record<string, () => string>> = {
  declarations: () =>
    table(
      ['in text', 'in YAML', 'what it is'],
      Object.entries(declarations).map(([word, { yaml, help }]) => [code(word), code(yaml), help]),
    ),
  company: () => properties('company'),
  role: () => properties('role'),
  purpose: () => properties('purpose'),
  letter: () => properties('letter'),
  form: () => properties('form'),
  webhook: () => properties('webhook'),
  hours: () => properties('hours'),
  process: () => properties('process'),
  stage: stages,
  rules,
  actions: actionTable,
  steps: () => keysOf(stepShape()),
  expectations: () => keysOf(recordIn(stepShape().keys.expect?.shape as Shape) as RecordShape),
  types: () =>
    table(
      ['type', 'what it holds'],
      [...plainTypes, ...optionTypes].map((type) => [code(type), typeWords[type] ?? '']),
    ),
  checks: () =>
    table(
      ['code', 'what', 'severity'],
      checks.map(({ code: name, title, severity, source }) => [
        name,
        source ? `${title} · ${source}` : title,
        severity,
      ]),
    ),
}
