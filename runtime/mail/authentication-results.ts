import type { Header } from './parse.ts'

/** One method's result (RFC 8601 §2.2): `dkim`, `pass`, and properties such as `header.d`. */
export interface MethodResult {
  readonly method: string
  readonly result: string
  readonly properties: Readonly<Record<string, string>>
}

/**
 * What the server named `authserv` says of this message, or undefined where it says nothing. Fields further down may be the
 * sender's own make: only the topmost of that name counts, with those beside it above every `Received`, which nobody before
 * that server can have written.
 */
export function resultsOf(headers: readonly Header[], authserv: string): MethodResult[] | undefined {
  const found: MethodResult[] = []
  let seen = false
  let received = false
  for (const { name, value } of headers) {
    if (name === 'received') received = true
    if (seen && received) break
    if (name !== 'authentication-results') continue
    const field = readField(value)
    if (field?.authserv !== authserv.toLowerCase()) continue
    seen = true
    found.push(...field.results)
    if (received) break
  }
  return seen ? found : undefined
}

/** What a sealed copy of a server's results says (`ARC-Authentication-Results`, RFC 8617 §4.1.1), its instance number aside. */
export function sealedResults(value: string): MethodResult[] {
  return statements(value).flatMap((words) => readResult(words) ?? [])
}

function readField(value: string): { authserv: string; results: MethodResult[] } | undefined {
  const parts = statements(value)
  const authserv = parts[0]?.[0]
  if (!authserv) return undefined
  return { authserv: authserv.toLowerCase(), results: parts.slice(1).flatMap((words) => readResult(words) ?? []) }
}

function readResult([first = '', ...rest]: readonly string[]): MethodResult | undefined {
  const match = /^([a-z][a-z0-9-]*)(?:\/\d+)?=([a-z]+)$/i.exec(first)
  if (!match?.[1] || !match[2]) return undefined
  const properties: Record<string, string> = {}
  for (const word of rest) {
    const property = /^([a-z]+\.[a-z0-9-]+)=(.+)$/i.exec(word)
    // A property given twice is read as neither: which of them the server checked can't be told.
    if (property?.[1] && property[2]) {
      const name = property[1].toLowerCase()
      properties[name] = name in properties ? '' : property[2].toLowerCase()
    }
  }
  return { method: match[1].toLowerCase(), result: match[2].toLowerCase(), properties }
}

/** Words by statement (`;`), comments left out; what is quoted ends no word and no statement. */
function statements(value: string): string[][] {
  const found: string[][] = [[]]
  let word = ''
  let depth = 0
  let quoted = false
  const finish = () => {
    if (word !== '') found.at(-1)?.push(word)
    word = ''
  }
  const text = value.slice(0, 16_000).replace(/\s*=\s*/g, '=')
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '\\' && (quoted || depth > 0)) {
      index += 1
      if (quoted) word += text.charAt(index)
    } else if (quoted) {
      if (character === '"') quoted = false
      else word += /[\s;]/.test(character) ? '_' : character
    } else if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth > 0) continue
    else if (character === '"') quoted = true
    else if (character === ';') {
      finish()
      found.push([])
    } else if (/\s/.test(character)) finish()
    else word += character
  }
  finish()
  return found
}
