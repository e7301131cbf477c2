import type { Token, Tokens } from 'marked'
import { inside, isList, isTable, leafText } from './markdown.ts'

/** Markdown's tokens as plain text that reads well: lists keep their marks, links their address, emphasis goes. */
export function plainText(tokens: readonly Token[]): string {
  return blocks(tokens)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function blocks(tokens: readonly Token[]): string {
  return tokens.map(block).filter(Boolean).join('\n\n')
}

function block(token: Token): string {
  if (isList(token)) return list(token)
  if (isTable(token)) return table(token)
  switch (token.type) {
    case 'space':
    case 'def':
      return ''
    case 'hr':
      return '* * *'
    case 'blockquote':
      return blocks(inside(token)).replace(/^/gm, '| ')
    case 'code':
      return leafText(token).replace(/^/gm, '    ')
    case 'html':
      return leafText(token).trim()
    default:
      return inside(token).length > 0 ? inline(inside(token)) : leafText(token)
  }
}

function list({ items, ordered, start, loose }: Tokens.List): string {
  const lines = items.map((item, index) => {
    const mark = ordered ? `${Number(start || 1) + index}. ` : '- '
    const box = item.task ? (item.checked ? '[x] ' : '[ ] ') : ''
    const text = item.tokens
      .filter((token) => token.type !== 'checkbox')
      .map(block)
      .filter(Boolean)
      .join('\n')
    return mark + (box + text).replaceAll('\n', `\n${' '.repeat(mark.length)}`)
  })
  return lines.join(loose ? '\n\n' : '\n')
}

function table({ header, rows }: Tokens.Table): string {
  return [header, ...rows].map((row) => row.map((cell) => inline(cell.tokens)).join(' | ')).join('\n')
}

export function inline(tokens: readonly Token[]): string {
  return tokens.map(inlineToken).join('')
}

function inlineToken(token: Token): string {
  if (token.type === 'link') return link(token as Tokens.Link)
  if (token.type === 'image') return leafText(token)
  return inside(token).length > 0 ? inline(inside(token)) : leafText(token)
}

function link({ href, tokens }: Tokens.Link): string {
  const text = inline(tokens)
  const address = href.replace(/^mailto:/, '')
  return text === address || text === href || !/^(https?|mailto|tel):/i.test(href) ? text : `${text} (${address})`
}
