import { isWord } from '../text/lexer.ts'
import { readBlock } from '../text/strings.ts'
import type { ClockTime, DurationNode, KeepNode, NumberNode, StringNode, TextNode } from '../tree.ts'
import { statementKeywords } from '../vocabulary.ts'
import { breaks, type Doc, nest, newLine } from './doc.ts'

/** A text between quotes, on one line. */
export function quoted(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return `"${escaped}"`
}

/** A text of several lines between `"""`, else between quotes. */
function block({ value }: StringNode): Doc {
  if (!value.includes('\n') || value.trim() === '') return quoted(value)
  const lines = value.split('\n')
  const last = lines.pop() ?? ''
  // Not every text can stand there: one that has `"""` in it, or spaces that the margin would take.
  const written = ['"""', ...lines, `${last}"""`].join('\n  ')
  const read = readBlock(written, 0, written.length)
  if (read.value !== value || read.end !== written.length) return quoted(value)
  const inner = last === '' ? lines : [...lines, `${last}"""`]
  return [
    '"""',
    nest(
      2,
      inner.map((each) => [newLine, each]),
    ),
    last === '' ? [newLine, '"""'] : '',
  ]
}

/** A text and its translations, each to stand on a line of its own where they are long together. */
export function translated(text: TextNode): Doc[] {
  return phrasesOf(text, (words) => quoted(words.value))
}

/** The same for texts that may have several lines: those are one piece. */
export function paragraphs(text: TextNode): Doc[] {
  const phrases = phrasesOf(text, block)
  return phrases.some(breaks) ? [phrases.flatMap((phrase, index) => (index === 0 ? [phrase] : [' ', phrase]))] : phrases
}

function phrasesOf({ parts }: TextNode, print: (words: StringNode) => Doc): Doc[] {
  const phrases: Doc[] = []
  // What is in no language's name comes first.
  for (const { language, words } of parts.toSorted((a, b) => Number(!!a.language) - Number(!!b.language))) {
    const phrase = language ? [language.text, ' ', print(words)] : print(words)
    const before = language && beginsStatement(language.text) ? phrases.pop() : undefined
    // A line can't begin with a word that begins a statement.
    phrases.push(before === undefined ? phrase : [before, ' ', phrase])
  }
  return phrases
}

function beginsStatement(word: string): boolean {
  return (statementKeywords as readonly string[]).includes(word)
}

/** A number with the digits it was written with. */
export function number({ value, written }: NumberNode): string {
  if (written !== undefined && /^\d+(\.\d+)?$/.test(written) && Number(written) === value) return written
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
}

/** `14 days`, `2 working days` */
export function duration({ amount, unit, working }: DurationNode): string {
  return `${number(amount)} ${working ? 'working ' : ''}${unit.text}`
}

export function keep(node: KeepNode): string {
  return node.for ? `${duration(node.for)} after ${node.event.text}` : `until ${node.event.text}`
}

/** `8:00` */
export function clock({ hour, minute }: ClockTime): string {
  return `${hour.value}:${String(minute.value).padStart(2, '0')}`
}

/** A word as it is, anything else in quotes. */
export function wordOrText(value: string): string {
  return isWord(value) ? value : quoted(value)
}
