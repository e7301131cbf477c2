import { withoutQuotation } from './quotation.ts'

/** Lines and characters that are looked at. */
const most = { lines: 2000, characters: 100_000 }

/** The sender's own words as they laid them out, with their signature: what they quote is taken off. For people to read. */
export function unquoted(text: string): string {
  const lines = text.slice(0, most.characters).replace(/\r\n?/g, '\n').split('\n').slice(0, most.lines)
  return withoutQuotation(lines)
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
