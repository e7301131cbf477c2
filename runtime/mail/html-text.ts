import sanitizeHtml from 'sanitize-html'
import { htmlTokens } from './html-tokens.ts'

/**
 * The words of an HTML message, line by line. What it quotes gets `> ` before each line, whichever way the mail program
 * marked the quotation: a `blockquote`, a class of its own, or Outlook's rule above all that follows.
 */
export function htmlText(html: string): string {
  const lines = new Lines()
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') lines.write(token.source)
    else if (token.kind === 'open') lines.open(token.tag, token.source)
    else lines.close(token.tag)
  }
  return decoded(lines.text())
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const blocks = new Set(
  'address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section table tbody td th tr ul'.split(
    ' ',
  ),
)
/** Tags without an inside. */
const empty = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'col', 'wbr', 'area', 'base'])
const deepest = 500

/** Marks of a quotation: Gmail, Yahoo, Proton, Thunderbird, Zoho, and mail programs that name it so. */
const quoting =
  /(?:class|id|name)\s*=\s*["']?[^"'>]*(?:gmail_quote|gmail_extra|yahoo_quoted|protonmail_quote|moz-cite-prefix|moz-forward-container|zmail_extra|wp_quote|onet_quote|reply-?quote)|type\s*=\s*["']?cite/i
/** Outlook's marks: everything after them is of an earlier message. */
const quotingRest =
  /id\s*=\s*["']?[^"'>]*(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container)|style\s*=\s*["'][^"'>]*border:\s*none;\s*border-top:\s*solid\s*#[be][0-9a-f]{5}/i
const hidden = /style\s*=\s*["'][^"'>]*display:\s*none/i

class Lines {
  #done: string[] = []
  #current = ''
  /** For each open tag, whether it begins a quotation and whether nobody sees it. */
  #open: { readonly tag: string; readonly quotes: boolean; readonly hides: boolean }[] = []
  #quotes = 0
  #hides = 0
  #rest = false

  open(tag: string, source: string): void {
    const attributes = source.slice(0, 2_000)
    const quotes = tag === 'blockquote' || quoting.test(attributes)
    if (tag === 'br') this.#break()
    else if (quotes || blocks.has(tag)) this.#finish()
    if (quotingRest.test(attributes)) this.#rest = true
    if (empty.has(tag) || this.#open.length >= deepest) return
    const hides = hidden.test(attributes)
    this.#open.push({ tag, quotes, hides })
    this.#quotes += quotes ? 1 : 0
    this.#hides += hides ? 1 : 0
  }

  close(tag: string): void {
    const at = this.#open.findLastIndex((open) => open.tag === tag)
    const closed = at < 0 ? [] : this.#open.splice(at)
    if (blocks.has(tag) || closed.some(({ quotes }) => quotes)) this.#finish()
    this.#quotes -= closed.filter(({ quotes }) => quotes).length
    this.#hides -= closed.filter(({ hides }) => hides).length
    if (tag === 'p') this.#break()
  }

  write(words: string): void {
    if (this.#hides > 0) return
    const [first = '', ...rest] = this.#open.at(-1)?.tag === 'pre' ? words.split(/\r?\n/) : [words]
    this.#add(first)
    for (const line of rest) {
      this.#break()
      this.#add(line)
    }
  }

  text(): string {
    this.#finish()
    return this.#done.join('\n')
  }

  #add(words: string): void {
    const joined = words.replace(/\s+/g, ' ')
    this.#current += this.#current === '' ? joined.trimStart() : joined
  }

  #finish(): void {
    if (this.#current.trim() !== '') this.#break()
    this.#current = ''
  }

  #break(): void {
    const quoted = this.#rest || this.#quotes > 0
    this.#done.push(quoted ? `&gt; ${this.#current.trim()}` : this.#current.trim())
    this.#current = ''
  }
}

/** Character references as characters. The library knows all their names; what it escapes again is its five. */
function decoded(text: string): string {
  return sanitizeHtml(text, { allowedTags: [], allowedAttributes: {} })
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
}
