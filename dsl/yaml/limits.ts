import { lexemesOf } from './lexemes.ts'

/** How many lists and maps may stand in one another; a workspace needs about ten. */
const deepest = 64

/** How many values a file may hold, counted by what stands between them: more take longer than an author waits. */
const mostValues = 100_000

/** What of a file is more than can be read, and where. */
export interface Excess {
  readonly at: number
  readonly message: string
  readonly hint: string
}

/**
 * Whether a file holds more, or more deeply, than a workspace ever needs. The `yaml` package goes down what stands in one
 * another step by step and takes the square of its depth.
 */
export function excessOf(text: string): Excess | undefined {
  if (text.length > mostValues && countValues(text) > mostValues) {
    const message = `the file holds more than ${mostValues} values`
    return { at: 0, message, hint: 'split it: files of a folder are merged' }
  }
  const at = looksDeep(text) ? measure(text) : undefined
  return at === undefined ? undefined : tooDeep(at)
}

export function tooDeep(at: number): Excess {
  const message = 'lists and maps stand in one another more deeply than can be read'
  return { at, message, hint: 'a workspace needs about ten levels' }
}

/** `,`, line breaks, `[`, `{`, `*` and `&`. */
const separators: ReadonlySet<number> = new Set([44, 10, 91, 123, 42, 38])

function countValues(text: string): number {
  let count = 0
  let quotes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (separators.has(code)) count++
    else if (code === 34 || code === 39) quotes++
  }
  return count + quotes / 2
}

/** A quick look that may be mistaken in texts with many signs, but misses nothing. */
function looksDeep(text: string): boolean {
  let open = 0
  let inLine = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10) inLine = 0
    else if (code === 91 || code === 123) open++
    else if (code === 93 || code === 125) open--
    else if (code === 58 || code === 45 || code === 63) inLine++
    if (open > deepest || inLine > deepest) return true
  }
  return false
}

/** Counts brackets, and what begins a map or list within a line or an item in brackets. */
function measure(text: string): number | undefined {
  let open = 0
  let inLine = 0
  for (const { text: lexeme, start, isScalar } of lexemesOf(text)) {
    if (isScalar) continue
    if (lexeme === '[' || lexeme === '{') open++
    else if (lexeme === ']' || lexeme === '}') open--
    else if (lexeme === ':' || lexeme === '-' || lexeme === '?') inLine++
    if (lexeme === ',' || (open <= 0 && (lexeme === '\n' || lexeme === '\r\n'))) inLine = 0
    if (open > deepest || inLine > deepest) return start
  }
  return undefined
}
