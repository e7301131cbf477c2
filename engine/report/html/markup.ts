/** Markup that is safe to write: made by `html` alone, so that a plain string can never pass for it. */
export interface Markup {
  readonly markup: string
}

export type Part = Markup | string | number | undefined | false | readonly Part[]

/** A tagged template that escapes all it is given but other markup; lists are joined, `undefined` and `false` leave nothing. */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: template.reduce((text, next, index) => `${text}${rendered(values[index - 1])}${next}`) }
}

/** What is markup already: a picture that another part of the engine has drawn. */
export function asMarkup(markup: string): Markup {
  return { markup }
}

/** A sentence in which names stand in backticks, with the names set apart. */
export function sentence(words: string): Part {
  return words.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'markup' in part ? part.markup : part.map(rendered).join('')
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)
}
