import { html as escaped } from 'ghtml'

/** Markup that is safe to send: made by `html` or a sanitiser alone, so that a plain string can never pass for it. */
export class Html {
  readonly #markup: string

  constructor(template: TemplateStringsArray, values: readonly string[]) {
    let markup = template[0] ?? ''
    for (const [at, value] of values.entries()) markup += value + (template[at + 1] ?? '')
    this.#markup = markup
  }

  /** Markup that was made safe elsewhere, by a sanitiser. */
  static made(markup: string): Html {
    return new Html(Object.assign([markup], { raw: [markup] }), [])
  }

  toString(): string {
    return this.#markup
  }
}

export type Part = Html | string | number | undefined | null | false | readonly Part[]

/**
 * A tagged template that escapes whatever it is given, in text and in quoted attributes alike. Only another `html` goes in
 * as it is; lists are joined; `undefined`, `null` and `false` leave nothing.
 */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(template, values.map(rendered))
}

/** A sentence whose names stand in backticks, with the names set apart. */
export function sentence(text: string | undefined): readonly Part[] {
  return (text ?? '').split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))
}

function rendered(part: Part): string {
  if (part instanceof Html) return part.toString()
  if (typeof part === 'string' || typeof part === 'number') return escaped`${part}`
  if (Array.isArray(part)) return part.map(rendered).join('')
  return ''
}
