import type { SourceFile } from '../../dsl/index.ts'
import { keywords } from '../../dsl/vocabulary.ts'
import type { Random } from './random.ts'

/** How an input is spoilt. Each takes a sound file and gives one that may be anything. */
export const mutations = {
  bytes: changeBytes,
  tokens: changeTokens,
  'swapped lines': swapLines,
  'lost lines': loseLines,
  'other indentation': indent,
  nesting: nest,
  'long line': lengthen,
  aliases: alias,
} satisfies Readonly<Record<string, (file: SourceFile, random: Random) => string>>

export type Mutation = keyof typeof mutations

function changeBytes({ text }: SourceFile, random: Random): string {
  const bytes = Buffer.from(text)
  for (let count = 1 + random.below(6); count > 0; count--) bytes[random.below(bytes.length)] = random.below(256)
  return bytes.toString('utf8')
}

const signs = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '"""',
  ',',
  ':',
  ': ',
  '- ',
  '#',
  '|',
  '>',
  '&a',
  '*a',
  '!!str',
  '%',
  '@',
  '\t',
  '\n',
  '\r\n',
  '{{',
  '%}',
  '14 days',
  '<<',
  '---',
  '?',
  'é',
  '\u0000',
  '\u2028',
  '\ufeff',
  '😀',
]
const pieces: readonly string[] = [...keywords, ...signs]

function changeTokens({ text }: SourceFile, random: Random): string {
  const tokens = text.split(/(\s+|[^\w\s])/)
  for (let count = 1 + random.below(5); count > 0; count--) {
    const at = random.below(tokens.length)
    const from = random.below(tokens.length)
    const kind = random.below(4)
    if (kind === 0) tokens.splice(at, 1 + random.below(3))
    else if (kind === 1) tokens[at] = random.of(pieces)
    else if (kind === 2) tokens.splice(at, 0, random.of(pieces))
    else [tokens[at], tokens[from]] = [tokens[from] ?? '', tokens[at] ?? '']
  }
  return tokens.join('')
}

function swapLines({ text }: SourceFile, random: Random): string {
  const lines = text.split('\n')
  for (let count = 1 + random.below(4); count > 0; count--) {
    const [a, b] = [random.below(lines.length), random.below(lines.length)]
    ;[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? '']
  }
  return lines.join('\n')
}

function loseLines({ text }: SourceFile, random: Random): string {
  const lines = text.split('\n')
  lines.splice(random.below(lines.length), 1 + random.below(8))
  if (random.below(3) === 0) lines.length = random.below(lines.length)
  return lines.join('\n')
}

function indent({ text }: SourceFile, random: Random): string {
  const by = random.of(['', ' ', '  ', '    ', '\t'])
  return text
    .split('\n')
    .map((line) => (random.below(12) === 0 ? by + line.trimStart() : line))
    .join('\n')
}

function nest(file: SourceFile, random: Random): string {
  const [open, close] = random.of([
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
    ['{ a: ', '}'],
    ['- ', ''],
    ['not ', ''],
    ['stage s {', '}'],
  ] as const)
  const deep = 1 + random.below(random.below(10) === 0 ? 20_000 : 200)
  return put(file.text, open.repeat(deep) + (random.below(2) === 0 ? close.repeat(deep) : ''), random)
}

/** At most one mebibyte: what is larger is no file of a workspace. */
function lengthen(file: SourceFile, random: Random): string {
  const unit = random.of(['a', 'a, ', '"', '\\"', ' ', '+ a ', 'é', 'a: ', '[a, ', '{{ a }}', '# '])
  const room = 1024 * 1024 - file.text.length
  const length = random.below(400) === 0 ? room : random.below(20_000)
  return put(file.text, unit.repeat(Math.floor(Math.min(length, room) / unit.length)), random)
}

function alias(file: SourceFile, random: Random): string {
  const levels = 2 + random.below(8)
  const width = 2 + random.below(12)
  const bomb = Array.from({ length: levels }, (_, level) => {
    const of = level === 0 ? 'x' : `*b${level - 1}`
    return `b${level}: &b${level} [${Array(width).fill(of).join(', ')}]`
  })
  const use = random.of(['processes', 'roles', 'letters', 'forms'])
  const end =
    random.below(2) === 0 ? `\n${use}: *b${levels - 1}\n` : `\n${use}: { a: *b${levels - 1}, b: &z { c: *z } }\n`
  return `${bomb.join('\n')}\n${file.text}${end}`
}

function put(text: string, piece: string, random: Random): string {
  const at = random.below(text.length)
  return text.slice(0, at) + piece + text.slice(at)
}
