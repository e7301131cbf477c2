import { type Html, html, sentence } from '../html.ts'
import type { Words } from '../words.ts'

/** A client's card as a form: nothing on it is required. */
export function cardInputs(
  words: Words,
  card: { name?: string | null; email?: string | null; phone?: string | null } = {},
  problems: ReadonlyMap<string, string> = new Map(),
): Html {
  const input = (name: 'name' | 'email' | 'phone', type: string, longest: number) => {
    const problem = problems.get(name)
    return html`<div class="${problem ? 'field invalid' : 'field'}"><label for="card-${name}">${words[name]} <span class="hint">${words.optional}</span></label>
<input id="card-${name}" name="${name}" type="${type}" value="${card[name]}" maxlength="${longest}" autocomplete="off"${problem && html` aria-invalid="true" aria-describedby="card-${name}-problem"`}>
${problem && html`<p class="problem" id="card-${name}-problem">${sentence(problem)}</p>`}</div>`
  }
  return html`${input('name', 'text', 200)}${input('email', 'email', 254)}${input('phone', 'tel', 50)}`
}

/** The language that a client's letters come in. */
export function languageInput(words: Words, language: string): Html {
  const option = (value: string, name: string) =>
    html`<option value="${value}" lang="${value}"${language === value && html` selected`}>${name}</option>`
  return html`<div class="field"><label for="card-language">${words.letterLanguage}</label>
<select id="card-language" name="language">${option('en', 'English')}${option('pl', 'Polski')}</select></div>`
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
