import { constants, declaring, grounds, joining, stating, timeUnits, types } from './words.ts'

interface Rule {
  readonly name?: string
  readonly match?: string
  readonly begin?: string
  readonly end?: string
  readonly captures?: Readonly<Record<string, { readonly name: string }>>
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>
  readonly patterns?: readonly ({ readonly include: string } | Rule)[]
}

const oneOf = (words: readonly string[]) => `\\b(${words.join('|')})\\b`
const include = (...names: readonly string[]) => names.map((name) => ({ include: `#${name}` }))

/** Where a statement begins: at the start of a line, or after a brace. */
const begins = '(?:^|(?<=[{}]))\\s*'
const word = '([\\p{L}_][\\p{L}\\p{N}_]*)'
const named = declaring.filter((each) => !['company', 'hours', 'field', 'table'].includes(each))
const words = ['time', 'number', 'constant', 'call', 'joining', 'operator']

const escaped: Rule = { name: 'constant.character.escape.zgoda', match: '\\\\["\\\\nt]' }

const repository: Readonly<Record<string, Rule>> = {
  comment: { name: 'comment.line.number-sign.zgoda', match: '#.*$' },
  block: { name: 'string.quoted.triple.zgoda', begin: '"""', end: '"""', patterns: include('liquid') },
  string: {
    name: 'string.quoted.double.zgoda',
    begin: '"',
    end: '"|$',
    patterns: [escaped, ...include('liquid')],
  },
  liquid: { name: 'variable.other.template.zgoda', match: '\\{\\{.*?\\}\\}|\\{%.*?%\\}' },
  lone: {
    match: `${begins}(company|hours)\\b(?=\\s*["{])`,
    captures: { 1: { name: 'keyword.other.declaration.zgoda' } },
  },
  declaration: {
    match: `${begins}(?:(final)\\s+)?(${named.join('|')})\\s+${word}`,
    captures: {
      1: { name: 'storage.modifier.zgoda' },
      2: { name: 'keyword.other.declaration.zgoda' },
      3: { name: 'entity.name.type.zgoda' },
    },
  },
  field: {
    begin: `${begins}(field)\\s+${word}`,
    end: '$|(?=\\})',
    beginCaptures: {
      1: { name: 'keyword.other.declaration.zgoda' },
      2: { name: 'variable.other.member.zgoda' },
    },
    patterns: include('comment', 'string', 'type', ...words),
  },
  table: {
    begin: `${begins}(table)\\s+${word}`,
    end: '(?=\\{)|$',
    beginCaptures: {
      1: { name: 'keyword.other.declaration.zgoda' },
      2: { name: 'entity.name.function.zgoda' },
    },
    patterns: include('comment', 'string', 'type', ...words),
  },
  basis: {
    match: `${begins}(basis)\\s+(${grounds.join('|')})\\b`,
    captures: { 1: { name: 'keyword.control.zgoda' }, 2: { name: 'constant.language.zgoda' } },
  },
  statement: { match: `${begins}(${stating.join('|')})\\b`, captures: { 1: { name: 'keyword.control.zgoda' } } },
  goal: {
    match: `(?:${begins}(move)|\\b(go))\\s+(to)\\s+${word}`,
    captures: {
      1: { name: 'keyword.control.zgoda' },
      2: { name: 'keyword.control.zgoda' },
      3: { name: 'keyword.other.zgoda' },
      4: { name: 'entity.name.type.zgoda' },
    },
  },
  type: { name: 'support.type.zgoda', match: oneOf(types) },
  time: {
    name: 'constant.numeric.zgoda',
    match: `\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b\\d+ (?:working )?(?:${timeUnits.join('|')})\\b|\\b\\d{1,2}:\\d{2}\\b`,
  },
  number: { name: 'constant.numeric.zgoda', match: '\\b\\d+(?:\\.\\d+)?\\b' },
  constant: { name: 'constant.language.zgoda', match: oneOf(constants) },
  call: { name: 'support.function.zgoda', match: `\\bdays between(?=\\s*\\()|\\b${word.slice(1, -1)}(?=\\()` },
  joining: { name: 'keyword.other.zgoda', match: oneOf(joining) },
  operator: { name: 'keyword.operator.zgoda', match: '!=|<=|>=|[=<>+*/-]' },
}

/** The TextMate grammar of Zgoda text. Keywords are contextual, so it colours by where a word stands. */
export function textMateGrammar(): object {
  return {
    name: 'Zgoda',
    scopeName: 'source.zgoda',
    patterns: include(
      'comment',
      'block',
      'string',
      'lone',
      'field',
      'table',
      'basis',
      'declaration',
      'goal',
      'statement',
      ...words,
    ),
    repository,
  }
}
