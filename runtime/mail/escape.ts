/** Stands where a value is missing, until the marks around it (`**{{ bouquet }}**`) have been taken off with it. */
const nothing = '\u{F8FF}'

/**
 * A value as Markdown that prints what was typed: no mark, tag, link or list of its own. Lines stay lines (`<br>`, which
 * holds in tables and headings as well). A missing value becomes nothing, see `withoutEmptyMarks`.
 */
export function escapeMarkdown(value: string): string {
  const text = printable(value).trim()
  if (text === '') return nothing
  return text
    .split('\n')
    .map((line) => line.trim().replace(/[!-/:-@[-`{-~]/g, '\\$&'))
    .join('<br>')
}

/** A value for a line of plain text: a subject or title. */
export function escapeLine(value: string): string {
  return printable(value).replace(/\s+/g, ' ')
}

/** Takes the marks off that stand around nothing. */
export function withoutEmptyMarks(markdown: string): string {
  return markdown.replace(/(\*{1,3}|_{1,3}|~~|`)?\u{F8FF}\1/gu, '').replaceAll(nothing, '')
}

/** Without what nobody sees: control characters, and those that turn the direction of text around. */
function printable(value: string): string {
  return value
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u{F8FF}]/gu, (character) => (character === '\n' ? '\n' : ''))
}
