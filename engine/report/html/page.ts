import type { Language } from '../language.ts'
import type { Report } from '../report.ts'
import { said } from '../words.ts'
import { asMarkup, html, type Markup } from './markup.ts'
import { style } from './style.ts'

/** A page that stands alone: its style is inside, it asks for nothing and runs nothing. */
export function page(language: Language, title: string, body: Markup): string {
  const { markup } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${asMarkup(style)}</style>
</head>
<body>
${body}
</body>
</html>
`
  return markup
}

/** Who the report is of, and when it was made. */
export function header(report: Report, title: string, lead?: Markup): Markup {
  const { controller, language, made } = report
  const row = (label: string, value: string | undefined) =>
    value !== undefined && html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  const number = controller?.phone?.replaceAll(' ', '\u00a0')
  const contact = controller && [controller.name, controller.address, controller.email, number]
  return html`<header>
<h1>${title}</h1>
${lead}
<dl class="facts">${row(
    said.controller[language],
    contact ? contact.filter((part) => part !== undefined).join(', ') : said.noController[language],
  )}${row(said.officer[language], controller?.officer)}${row(said.made[language], made)}</dl>
</header>`
}

/** A table that may be wider than the screen: it scrolls by itself, by keyboard too, and the page does not. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0">${table}</div>`
}
