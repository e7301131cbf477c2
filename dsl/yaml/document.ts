import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml'
import { z101 } from '../checks/z101-unreadable.ts'
import { z105 } from '../checks/z105-file.ts'
import { type Diagnostic, diagnose } from '../diagnostic.ts'
import type { Source } from '../source.ts'
import { type Excess, excessOf, tooDeep } from './limits.ts'
import { unhindered } from './unhindered.ts'

/** A file of YAML as it was read: its documents, and what each alias stands for. */
export interface YamlFile {
  readonly roots: readonly Node[]
  readonly problems: readonly Diagnostic[]
  readonly targets: ReadonlyMap<Alias, Node>
  /** Where what can be relied on ends: at the first mistake of YAML itself; infinite where there is none. */
  readonly end: number
}

const mostProblems = 50

/** Reads a file with the `yaml` package. Never throws: what can't be read becomes problems. */
export function readYaml(source: Source): YamlFile {
  const documents = parseDocuments(source)
  if (!Array.isArray(documents)) return { roots: [], problems: [documents], targets: new Map(), end: 0 }
  const problems: Diagnostic[] = []
  const targets = new Map<Alias, Node>()
  let end = Number.POSITIVE_INFINITY
  const aliased = source.text.includes('*')
  for (const document of documents) {
    const broken = problemsOf(source, document)
    problems.push(...broken)
    if (aliased) problems.push(...collectTargets(source, document, targets))
    if (document.errors[0]) end = Math.min(end, endBefore(source, document, document.errors[0]))
  }
  const roots = documents.map(({ contents }) => contents).filter((node) => isNode(node))
  return { roots, problems: problems.slice(0, mostProblems), targets, end }
}

function parseDocuments(source: Source): Document[] | Diagnostic {
  const excess = excessOf(source.text)
  if (excess) return refuse(source, excess)
  try {
    const documents = unhindered(() =>
      parseAllDocuments(source.text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' }),
    )
    return Array.isArray(documents) ? documents : []
  } catch (error) {
    if (error instanceof RangeError) return refuse(source, tooDeep(0))
    throw error
  }
}

function refuse(source: Source, { at, message, hint }: Excess): Diagnostic {
  return diagnose(z105, { source, start: at, end: at + 1 }, message, hint)
}

/** The end of what stands before a mistake: what is not closed is told of where something else begins. */
function endBefore(source: Source, document: Document, error: YAMLError): number {
  return openAt(document, error) ?? source.text.slice(0, error.pos[0]).trimEnd().length
}

/** What does not depend on what stands around it, so that it is no consequence of the mistake before. */
const alone: ReadonlySet<string> = new Set(['TAB_AS_INDENT', 'BAD_DQ_ESCAPE', 'TAG_RESOLVE_FAILED'])

/** The first problem, and those that can't follow from it; one a line. */
function problemsOf(source: Source, document: Document): Diagnostic[] {
  const told = new Set<number>()
  return [...document.errors, ...document.warnings].flatMap((error, index) => {
    const { line } = source.position(error.pos[0])
    if ((index > 0 && !alone.has(error.code)) || told.has(line)) return []
    told.add(line)
    return [problemOf(source, document, error)]
  })
}

function problemOf(source: Source, document: Document, error: YAMLError): Diagnostic {
  const open = openAt(document, error)
  const [start, end] = open === undefined ? error.pos : [open, open + 1]
  const found = said.find(({ code, when }) => code === error.code && (when === undefined || when.test(error.message)))
  const span = { source, start, end: Math.max(start + 1, Math.min(end, source.text.length)) }
  return diagnose(z101, span, found?.message ?? `this is no YAML: ${decapitalised(error.message)}`, found?.hint)
}

/** Where what a mistake leaves open was opened: the package tells where it ought to have ended. */
function openAt(document: Document, { code, message, pos }: YAMLError): number | undefined {
  const wanted = code === 'MISSING_CHAR' ? /quote/ : code === 'BAD_INDENT' ? /Flow/ : undefined
  if (!wanted?.test(message)) return undefined
  const type = code === 'MISSING_CHAR' ? 'scalar' : /sequence/.test(message) ? 'list' : 'map'
  let found: number | undefined
  visit(document, (_key, node) => {
    if (!isNode(node) || !node.range || node.range[0] >= pos[0] || node.range[2] < pos[0]) return
    const kind = isScalar(node) ? 'scalar' : isSeq(node) ? 'list' : isMap(node) ? 'map' : ''
    if (kind === type && (isScalar(node) || ('flow' in node && node.flow))) found = node.range[0]
  })
  return found
}

interface Said {
  readonly code: YAMLError['code']
  /** The package's own message, where one code stands for several mistakes. */
  readonly when?: RegExp
  readonly message: string
  readonly hint?: string
}

/** The package's problems in the author's words. */
const said: readonly Said[] = [
  { code: 'TAB_AS_INDENT', message: 'a tab can’t indent YAML', hint: 'indent with two spaces' },
  { code: 'BAD_INDENT', when: /sequence/, message: 'this `[` is never closed', hint: 'add the missing `]`' },
  { code: 'BAD_INDENT', when: /Flow map/, message: 'this `{` is never closed', hint: 'add the missing `}`' },
  {
    code: 'BAD_INDENT',
    message: 'this is indented otherwise than its neighbours',
    hint: 'let it begin under the first letter of the key above',
  },
  {
    code: 'MISSING_CHAR',
    when: /quote/,
    message: 'this text is never closed',
    hint: 'add the missing quotation mark',
  },
  { code: 'MISSING_CHAR', when: /map/, message: 'a key is not followed by `:`', hint: 'write `key: value`' },
  {
    code: 'BLOCK_AS_IMPLICIT_KEY',
    message: 'a second `key: value` begins where a value stands',
    hint: 'put a value that holds `: ` into quotes, or begin a map on the next line',
  },
  { code: 'MULTILINE_IMPLICIT_KEY', message: 'a key is not followed by `:`', hint: 'write `key: value`' },
  {
    code: 'UNEXPECTED_TOKEN',
    when: /at node end/,
    message: 'something follows a value that has ended',
    hint: 'put the whole value into double quotes, and write `\\"` for a quotation mark in it',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    message: 'this can’t be read here',
    hint: 'close what is open before it, or put a value with signs in it into quotes',
  },
  {
    code: 'BAD_SCALAR_START',
    message: 'a value can’t begin with this sign',
    hint: 'put the value into quotes',
  },
  {
    code: 'TAG_RESOLVE_FAILED',
    message: 'tags mean nothing in a workspace',
    hint: 'take the `!` and its word away, or put the value into quotes',
  },
  {
    code: 'BAD_DQ_ESCAPE',
    message: 'this escape stands for nothing',
    hint: 'write the text between single quotes, where `\\` is only a sign',
  },
]

function decapitalised(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\s+/g, ' ').slice(0, 160)
}

/** An alias stands for the last node above it with its anchor. */
function collectTargets(source: Source, document: Document, targets: Map<Alias, Node>): Diagnostic[] {
  const problems: Diagnostic[] = []
  const anchors = new Map<string, Node>()
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target) targets.set(node, target)
      else problems.push(strayAlias(source, node))
    } else if (isNode(node) && 'anchor' in node && node.anchor) anchors.set(node.anchor, node)
  })
  return problems
}

function strayAlias(source: Source, { range, source: name }: Alias): Diagnostic {
  const span = { source, start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
  const hint = `mark what it stands for with \`&${name.slice(0, 40)}\`, or put the value into quotes`
  return diagnose(z101, span, `no anchor above is called \`${name.slice(0, 40)}\``, hint)
}
