import sanitizeHtml from 'sanitize-html'
import { readMarkdown, toHtml } from './markdown.ts'
import { plainText } from './plain-text.ts'

export interface RenderOptions {
  readonly language: string
  /** The client's portal link, signed; none in letters to staff. */
  readonly portalUrl?: string
}

export interface Rendered {
  readonly text: string
  readonly html: string
}

/** The two parts of a letter, each with the way to the client's data and consents (GDPR Art. 7(3)) below. */
export function render(markdown: string, { language, portalUrl }: RenderOptions): Rendered {
  const tokens = readMarkdown(markdown)
  const text = plainText(tokens)
  const footer = language === 'pl' ? 'Twoje dane i zgody' : 'Your data and consents'
  return {
    text: portalUrl ? `${text}\n\n—\n${footer}: ${portalUrl}\n` : `${text}\n`,
    html: page(styled(toHtml(tokens)), language, portalUrl ? { title: footer, url: portalUrl } : undefined),
  }
}

/** A letter's words as HTML for a page of ours: as safe as in the letter, without its styles. */
export function letterHtml(markdown: string): string {
  return styled(toHtml(readMarkdown(markdown)), {})
}

const font = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

const styles: Readonly<Record<string, string>> = {
  p: 'margin:0 0 16px',
  h1: 'margin:24px 0 12px;font-size:22px;line-height:1.25',
  h2: 'margin:24px 0 10px;font-size:19px;line-height:1.3',
  h3: 'margin:20px 0 8px;font-size:17px;line-height:1.3',
  ul: 'margin:0 0 16px;padding-left:24px',
  ol: 'margin:0 0 16px;padding-left:24px',
  li: 'margin:0 0 4px',
  blockquote: 'margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #c9c9c9;color:#444444',
  a: 'color:#0b57a4',
  code: 'font-family:Consolas,Menlo,monospace;font-size:14px',
  pre: 'margin:0 0 16px;white-space:pre-wrap',
  hr: 'margin:24px 0;border:0;border-top:1px solid #d0d0d0',
  table: 'margin:0 0 16px;border-collapse:collapse',
  th: 'padding:4px 12px 4px 0;text-align:left;border-bottom:1px solid #999999',
  td: 'padding:4px 12px 4px 0;text-align:left;border-bottom:1px solid #dddddd',
}

const plainTags = ['h4', 'h5', 'h6', 'strong', 'em', 'del', 'br', 'thead', 'tbody', 'tr']

/** Only what letters need, whatever the template holds: no script, picture, form or style of its own. */
function styled(html: string, style: Readonly<Record<string, string>> = styles): string {
  return sanitizeHtml(html, {
    allowedTags: [...Object.keys(styles), ...plainTags],
    allowedAttributes: { '*': ['style'], a: ['href', 'style'], ol: ['start', 'style'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    transformTags: {
      '*': (tagName, { href, start }) => {
        const attribs: Record<string, string> = {}
        if (tagName === 'a' && href) attribs.href = href
        if (tagName === 'ol' && start) attribs.start = start
        if (style[tagName]) attribs.style = style[tagName]
        return { tagName, attribs }
      },
    },
  })
}

function page(body: string, language: string, footer?: { title: string; url: string }): string {
  const foot = footer
    ? `<p style="margin:32px 0 0;padding-top:12px;border-top:1px solid #d0d0d0;font-size:13px;color:#555555">${footer.title}: <a href="${attribute(footer.url)}" style="color:#0b57a4">${attribute(footer.url)}</a></p>\n`
    : ''
  return `<!doctype html>
<html lang="${attribute(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:20px;background:#ffffff;color:#1c1c1c;font-size:16px;line-height:1.5;${attribute(font)}">
<div style="max-width:600px">
${body}${foot}</div>
</body>
</html>
`
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
