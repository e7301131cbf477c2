import { Marked, type Token, type Tokens } from 'marked'

const marked = new Marked({ gfm: true })

/** Markdown as marked's tokens. In code, the escapes of inserted values are taken off, as Markdown itself leaves them there. */
export function readMarkdown(source: string): Token[] {
  const tokens = marked.lexer(source)
  marked.walkTokens(tokens, (token) => {
    if (token.type === 'codespan' || token.type === 'code') token.text = unescaped(token.text)
  })
  return tokens
}

/** HTML of what `readMarkdown` gave. Not sanitised. */
export function toHtml(tokens: Token[]): string {
  return marked.parser(tokens)
}

/** What stands within a token, where it has an inside. */
export function inside(token: Token): Token[] {
  return 'tokens' in token && token.tokens ? token.tokens : []
}

/** A leaf's text with its character references (`&nbsp;`) resolved; tags of its own are left out, but for the line break. */
export function leafText(token: Token): string {
  if (token.type === 'html') return /^<br\s*\/?>/i.test(token.raw) ? '\n' : resolved(token.raw.replace(/<[^>]*>/g, ''))
  if (token.type === 'br') return '\n'
  const text = 'text' in token && typeof token.text === 'string' ? token.text : ''
  return token.type === 'text' ? resolved(text) : text
}

export function isList(token: Token): token is Tokens.List {
  return token.type === 'list'
}

export function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table'
}

function unescaped(code: string): string {
  return code.replace(/<br>/g, '\n').replace(/\\([!-/:-@[-`{-~])/g, '$1')
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  copy: '©',
  euro: '€',
  sect: '§',
}

function resolved(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return named[name] ?? whole
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
