import sanitizeHtml from 'sanitize-html'

/** What a message's page may hold where it is shown: words and their layout, and nothing that runs, asks or loads. */
const tags = [
  ...['a', 'abbr', 'b', 'blockquote', 'br', 'caption', 'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'div'],
  ...['dl', 'dt', 'em', 'font', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'ins', 'li', 'ol', 'p', 'pre', 'q', 's'],
  ...[
    'small',
    'span',
    'strike',
    'strong',
    'sub',
    'sup',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'tr',
    'tt',
    'u',
    'ul',
  ],
]

/** Without styles of its own and without pictures: neither can be loaded from anywhere, and none can hide a word. */
export function safePage(html: string, language: string): string {
  const body = sanitizeHtml(html, {
    allowedTags: tags,
    allowedAttributes: {
      a: ['href', 'rel', 'target'],
      td: ['colspan', 'rowspan', 'align'],
      th: ['colspan', 'rowspan', 'align'],
      ol: ['start'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nestingLimit: 100,
    transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noreferrer noopener nofollow', target: '_blank' }) },
  })
  return `<!doctype html>
<html lang="${/^[a-z-]{2,10}$/.test(language) ? language : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>–</title>
<style>body{margin:0;padding:12px;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}table{max-width:100%}blockquote{margin:0 0 0 8px;padding-left:10px;border-left:3px solid #999}</style></head>
<body>${body}</body>
</html>
`
}
