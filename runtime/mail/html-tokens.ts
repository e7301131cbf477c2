/** A piece of HTML: a tag with its source, or text as it stands, entities unresolved. */
export type HtmlToken =
  | { readonly kind: 'open' | 'close'; readonly tag: string; readonly source: string }
  | { readonly kind: 'text'; readonly source: string }

/** What stands inside these is nobody's words. */
const silent = new Set(['script', 'style', 'head', 'title', 'textarea', 'select', 'noscript', 'template', 'svg'])

/** Splits HTML of any form, however broken, in one pass whose time grows with its length alone. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const lower = html.toLowerCase()
  const last = html.lastIndexOf('>')
  let index = 0
  while (index < html.length) {
    const start = html.indexOf('<', index)
    if (start < 0) break
    if (start > index) yield { kind: 'text', source: html.slice(index, start) }
    const end = start < last ? endOfMarkup(html, start) : -1
    if (end < 0) {
      yield { kind: 'text', source: '&lt;' }
      index = start + 1
      continue
    }
    const source = html.slice(start, end)
    index = end
    const [, slash, name] = /^<(\/?)([a-z][a-z0-9:]*)/i.exec(source) ?? []
    if (!name) continue
    const tag = name.toLowerCase()
    if (slash) yield { kind: 'close', tag, source }
    else if (silent.has(tag) && !source.endsWith('/>')) index = after(lower, `</${tag}`, end)
    else yield { kind: 'open', tag, source }
  }
  if (index < html.length) yield { kind: 'text', source: html.slice(index).replaceAll('<', '&lt;') }
}

/** Where the tag or comment that begins at `start` ends; -1 where a `<` begins none. */
function endOfMarkup(html: string, start: number): number {
  if (html.startsWith('<!--', start)) return after(html, '-->', start + 4)
  if (!/[a-z/!?]/i.test(html.charAt(start + 1))) return -1
  const plain = html.indexOf('>', start)
  // A `>` inside quotes ends no tag, where the quotes end at all.
  let index = start + 1
  while (index < html.length) {
    const character = html.charAt(index)
    if (character === '>') return index + 1
    if ((character === '"' || character === "'") && html.charAt(index - 1) === '=') {
      index = html.indexOf(character, index + 1)
      if (index < 0) return plain + 1
    }
    index += 1
  }
  return plain + 1
}

/** Behind the next `mark`, or the end where there is none: an open comment hides all that follows, as in browsers. */
function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from)
  return at < 0 ? html.length : mark.startsWith('</') ? at : at + mark.length
}
