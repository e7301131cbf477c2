import sanitizeHtml from 'sanitize-html'
import { type FooterInput, type FooterLine, footerLines } from './footer.ts'
import { readMarkdown, toHtml } from './markdown.ts'
import { plainText } from './plain-text.ts'

export interface RenderOptions extends FooterInput {
  /** The title of the HTML part. */
  readonly subject?: string
}

export interface Rendered {
  readonly text: string
  readonly html: string
}

/** The two parts of a letter, in the same words, each with what has to stand below it. */
export function render(markdown: string, options: RenderOptions): Rendered {
  const tokens = readMarkdown(markdown)
  const text = plainText(tokens)
  const footer = footerLines(options)
  return {
    text: footer.length > 0 ? `${text}\n\n—\n${footer.map(inText).join('\n')}\n` : `${text}\n`,
    html: page(styled(toHtml(tokens)), footer, text, options),
  }
}

/** A letter's words as HTML for a page of ours: as safe as in the letter, without its styles. */
export function letterHtml(markdown: string): string {
  return styled(toHtml(readMarkdown(markdown)), {})
}

function inText(line: FooterLine): string {
  return typeof line === 'string' ? line : `${line.title}: ${line.url}`
}

/*
 * How a letter looks. Mail programs keep inline styles alone, and many turn dark by themselves; so no colour of text or ground
 * is set, only lines in a grey that stands on both, and quieter words are made so by opacity.
 */
const font = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55"
const line = '1px solid #8a8f94'
const cell = 'padding:6px 16px 6px 0;text-align:left;vertical-align:top;overflow-wrap:break-word'

const styles: Readonly<Record<string, string>> = {
  p: 'margin:0 0 16px',
  h1: 'margin:28px 0 12px;font-size:22px;line-height:1.25',
  h2: 'margin:26px 0 10px;font-size:19px;line-height:1.3',
  h3: 'margin:22px 0 8px;font-size:17px;line-height:1.3',
  ul: 'margin:0 0 16px;padding-left:24px',
  ol: 'margin:0 0 16px;padding-left:24px',
  li: 'margin:0 0 4px',
  blockquote: 'margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #8a8f94;opacity:.85',
  a: 'text-decoration:underline',
  code: 'font-family:Consolas,Menlo,monospace;font-size:14px',
  pre: 'margin:0 0 16px;white-space:pre-wrap',
  hr: `margin:24px 0;border:0;border-top:${line}`,
  table: 'margin:0 0 16px;border-collapse:collapse;max-width:100%',
  th: `${cell};border-bottom:${line}`,
  td: `${cell};border-bottom:1px solid rgba(138,143,148,.4)`,
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

const sheet = 'role="presentation" cellspacing="0" cellpadding="0" border="0"'

function page(body: string, footer: readonly FooterLine[], text: string, options: RenderOptions): string {
  const { language, company, subject } = options
  const head = company
    ? `<p style="margin:0 0 28px;padding:0 0 14px;border-bottom:${line};font-size:18px;font-weight:600">${escaped(company.name)}</p>\n`
    : ''
  return `<!doctype html>
<html lang="${escaped(language)}" style="color-scheme:light dark">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escaped(subject ?? '')}</title></head>
<body style="margin:0;padding:0;${escaped(font)}">
<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all">${escaped(glance(text))}</div>
<table ${sheet} width="100%"><tr><td align="center" style="padding:28px 20px">
<table ${sheet} width="600" style="width:100%;max-width:600px"><tr><td align="left" style="${escaped(font)};overflow-wrap:anywhere">
${head}${body}${footer.length > 0 ? `${foot(footer)}\n` : ''}</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

function foot(lines: readonly FooterLine[]): string {
  const written = lines.map((one) =>
    typeof one === 'string'
      ? escaped(one)
      : `<a href="${escaped(one.url)}" style="text-decoration:underline">${escaped(one.title)}</a>`,
  )
  return `<div style="margin:36px 0 0;padding:14px 0 0;border-top:${line};font-size:13px;line-height:1.6">${written.map((one) => `<div style="margin:0 0 4px">${one}</div>`).join('')}</div>`
}

/** What lists of letters show beside the subject: how the letter begins, in place of the letterhead. */
function glance(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim()
  return words.length > 120 ? `${words.slice(0, 120).replace(/\s\S*$/, '')} …` : words
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
