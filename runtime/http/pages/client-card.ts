import { type Html, html } from '../html.ts'
import type { Words } from '../words.ts'

/** A client's card as a form: nothing on it is required. */
export function cardInputs(
  words: Words,
  card: { name?: string | null; email?: string | null; phone?: string | null } = {},
): Html {
  const optional = html` <span class="hint">${words.optional}</span>`
  return html`<label>${words.name}${optional}<input name="name" value="${card.name}" maxlength="200" autocomplete="off"></label>
<label>${words.email}${optional}<input name="email" type="email" value="${card.email}" maxlength="254" autocomplete="off"></label>
<label>${words.phone}${optional}<input name="phone" type="tel" value="${card.phone}" maxlength="50" autocomplete="off"></label>`
}

/** What was filled in of a card. */
export function cardOf(form: URLSearchParams): { name?: string; email?: string; phone?: string } {
  const card: Record<string, string> = {}
  for (const name of ['name', 'email', 'phone']) {
    const value = form.get(name)?.trim()
    if (value) card[name] = value
  }
  return card
}
