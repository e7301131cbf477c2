import sanitizeHtml from 'sanitize-html'

/**
 * The words of an HTML message, line by line. What it quotes gets `> ` before each line, whichever way the mail program
 * marked the quotation: a `blockquote`, a class of its own, or Outlook's rule above all that follows.
 */
export function htmlText(html: string): string {
  const lines = new Lines()
  for (const piece of pieces(html)) {
    if (!piece.startsWith('<')) lines.write(decoded(piece))
    else if (piece.startsWith('</')) lines.close(piece.slice(2, -1))
    else lines.open(tagOf(piece), piece)
  }
  return lines.text()
}

const blockTags = ['p', 'div', 'blockquote', 'ul', 'ol', 'li', 'table', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre']
const lineTags = ['br', 'hr']
const markTags = ['span', 'a', 'td', 'th']

/** Well-formed and short: script, style and head gone, entities only where they must be. */
function pieces(html: string): string[] {
  const clean = sanitizeHtml(html, {
    allowedTags: [...blockTags, ...lineTags, ...markTags],
    allowedAttributes: { '*': ['class', 'id', 'name', 'style', 'type'] },
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'head'],
    parseStyleAttributes: false,
    nestingLimit: 250,
  })
  return clean.match(/<[^>]*>|[^<]+/g) ?? []
}

function tagOf(piece: string): string {
  return /^<([a-z0-9]+)/.exec(piece)?.[1] ?? ''
}

/** Marks of a quotation: Gmail, Yahoo, Proton, Thunderbird, Zimbra, and mail programs that name it so. */
const quoting =
  /(?:class|id|name)="[^"]*(?:gmail_quote|gmail_extra|yahoo_quoted|protonmail_quote|moz-cite-prefix|moz-forward-container|zmail_extra|wp_quote|onet_quote|quoted|reply-?quote)[^"]*"|type="cite"/i
/** Outlook's marks: everything after them is of an earlier message. */
const quotingRest =
  /id="[^"]*(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container)[^"]*"|style="[^"]*border:\s*none;\s*border-top:\s*solid\s*#[be][0-9a-f]{5}/i
const hidden = /style="[^"]*display:\s*none/i

class Lines {
  #done: string[] = []
  #current = ''
  /** For each open tag, whether it begins a quotation and whether nobody sees it. */
  #open: { readonly tag: string; readonly quotes: boolean; readonly hides: boolean }[] = []
  #quotes = 0
  #hides = 0
  #rest = false

  open(tag: string, piece: string): void {
    if (tag === 'br') return this.#break()
    const quotes = tag === 'blockquote' || quoting.test(piece)
    const hides = hidden.test(piece)
    if (quotes || blockTags.includes(tag) || tag === 'hr') this.#finish()
    if (quotingRest.test(piece)) this.#rest = true
    if (lineTags.includes(tag)) return
    this.#open.push({ tag, quotes, hides })
    this.#quotes += quotes ? 1 : 0
    this.#hides += hides ? 1 : 0
    if (tag === 'td' && this.#current !== '') this.#current += ' '
  }

  close(tag: string): void {
    if (blockTags.includes(tag)) this.#finish()
    const last = this.#open.at(-1)
    if (last?.tag !== tag) return
    this.#open.pop()
    if (last.quotes) this.#finish()
    this.#quotes -= last.quotes ? 1 : 0
    this.#hides -= last.hides ? 1 : 0
    if (tag === 'p') this.#break()
  }

  write(words: string): void {
    if (this.#hides > 0) return
    const joined = words.replace(/[\s\u00a0]+/g, ' ')
    this.#current += this.#current === '' ? joined.trimStart() : joined
  }

  text(): string {
    this.#finish()
    return this.#done
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  }

  #finish(): void {
    if (this.#current.trim() !== '') this.#break()
    this.#current = ''
  }

  #break(): void {
    const quoted = this.#rest || this.#quotes > 0
    this.#done.push(quoted ? `> ${this.#current.trim()}` : this.#current.trim())
    this.#current = ''
  }
}

function decoded(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}
