import planer from 'planer'
import { withoutQuotation } from './quotation.ts'
import { withoutSignature } from './signature.ts'

/** Lines and characters that are looked at; characters of a line that the quotation library sees. */
const most = { lines: 2000, characters: 100_000, line: 400 }

/**
 * The sender's own words of a message's text, line by line and without empty ones: quotation, signature and greeting are
 * taken off, and a sentence that the mail program broke is one line again.
 */
export function ownWords(text: string): string[] {
  const lines = text
    .slice(0, most.characters)
    .replace(/\r\n?/g, '\n')
    .replace(/[\u200b\ufeff\u00ad]/g, '')
    .replace(/\u00a0/g, ' ')
    .split('\n')
    .slice(0, most.lines)
  const unquoted = withoutForeignQuotation(withoutQuotation(lines))
  return withoutGreeting(
    unbroken(withoutSignature(unquoted))
      .map((line) => line.trim())
      .filter(Boolean),
  )
}

/** What planer knows of more languages; only where it cuts off an end, as elsewhere it would drop or join lines. */
function withoutForeignQuotation(lines: string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first < 0) return []
  const shown = lines.slice(first).map((line) => line.slice(0, most.line).trimEnd())
  const cut = planer.extractFrom(shown.join('\n'), 'text/plain').trim().split('\n')
  const isStart = cut[0] !== '' && cut.every((line, index) => line.trim() === shown[index]?.trim())
  return isStart ? lines.slice(first, first + cut.length) : lines.slice(first)
}

/** Mail programs break lines at 65 to 78 characters: where the next word would have gone past that, the sentence goes on. */
function unbroken(lines: readonly string[]): string[] {
  const joined: string[] = []
  let before = ''
  for (const line of lines) {
    const word = /^\s*(\S*)/.exec(line)?.[1] ?? ''
    const wrapped = before.length >= 40 && before.length + 1 + word.length > 64 && !/[.!?:]\s*$/.test(before)
    if (wrapped && word !== '' && !/^(?:[-*•]|\d+[.)])$/.test(word))
      joined.push(`${joined.pop()?.trimEnd()} ${line.trim()}`)
    else joined.push(line)
    before = line
  }
  return joined
}

const hello =
  '(?:hello|hi|hey|good (?:morning|day|afternoon|evening)|dzień dobry|dobry wieczór|witam(?: serdecznie| ponownie)?|cześć|hej|halo)'
const addressed = String.raw`(?:\s(?!No\b|Nie\b|Not\b)(?:\p{Lu}[\p{L}.'-]*|there|all|everyone|państwu|wszystkim)){0,3}`
/** The whole line greets, or greets and goes on behind a comma: `Hi Anna, I agree`. */
const greeting = new RegExp(`^(?i:${hello})${addressed}\\s*(?:[,.!]+\\s*|$)`, 'u')
const formal =
  /^(?:dear|szanown[aeiy]|droga|drogi|drodzy|sz\.\s?p\.)(?:(?:\s[\p{L}.'-]+){0,5}\s*[,.!:]+|(?:\s[\p{L}.'-]+){0,2})$/iu

function withoutGreeting(lines: readonly string[]): string[] {
  const [first = '', ...rest] = lines
  if (formal.test(first)) return rest
  const greeted = greeting.exec(first)?.[0]
  if (greeted === undefined) return [...lines]
  const after = first.slice(greeted.length).trim()
  return after === '' ? rest : [after, ...rest]
}
