import { createRequire } from 'node:module'
import type { Token, Tokens } from 'marked'
import type { Content, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces.js'
import { inside, isList, isTable, leafText, readMarkdown } from './markdown.ts'

export interface PdfInput {
  readonly title: string
  readonly markdown: string
  readonly language: string
  /** RFC 3339; written into the file. The same input gives the same bytes. */
  readonly createdAt?: string
}

/** A document as PDF on A4, its fonts embedded (Roboto: Latin with Polish, Greek, Cyrillic; no Chinese, no emoji). */
export async function pdf({ title, markdown, language, createdAt }: PdfInput): Promise<Buffer> {
  const page = language === 'pl' ? 'Strona' : 'Page'
  const created = new Date(createdAt ?? 0)
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [64, 64, 64, 72],
    language,
    info: { title, creationDate: created, modDate: created },
    defaultStyle: { font: 'Roboto', fontSize: 11, lineHeight: 1.25 },
    content: blocks(readMarkdown(markdown)),
    footer: (current, count) => ({
      text: `${page} ${current} / ${count}`,
      alignment: 'center',
      fontSize: 9,
      color: '#555555',
      margin: [0, 24, 0, 0],
    }),
  }
  return (await library()).createPdf(definition).getBuffer()
}

/** What we use of pdfmake; its published types leave out the access policies. */
interface Pdfmake {
  setFonts(fonts: TFontDictionary): void
  setUrlAccessPolicy(allows: (url: string) => boolean): void
  setLocalAccessPolicy(allows: (path: string) => boolean): void
  createPdf(definition: TDocumentDefinitions): { getBuffer(): Promise<Buffer> }
}

let loaded: Pdfmake | undefined

/** Loaded when first needed: it is large. It may read its own fonts and nothing else. */
async function library(): Promise<Pdfmake> {
  if (loaded) return loaded
  const load = createRequire(import.meta.url)
  const pdfmake = load('pdfmake') as Pdfmake
  const fonts = load('pdfmake/fonts/Roboto.js') as TFontDictionary
  const files = new Set(Object.values(fonts).flatMap((styles) => Object.values(styles as object)))
  pdfmake.setFonts(fonts)
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => files.has(path))
  loaded = pdfmake
  return pdfmake
}

const headings = [20, 15.5, 13, 12, 11, 11]

function blocks(tokens: readonly Token[]): Content[] {
  return tokens.flatMap((token) => block(token) ?? [])
}

function block(token: Token): Content | undefined {
  if (isList(token)) return list(token)
  if (isTable(token)) return table(token)
  switch (token.type) {
    case 'space':
    case 'def':
      return undefined
    case 'heading': {
      const size = headings[(token as Tokens.Heading).depth - 1] ?? 11
      return { text: runs(inside(token), { bold: true }), fontSize: size, margin: [0, size * 0.6, 0, size * 0.4] }
    }
    case 'hr':
      return {
        canvas: [{ type: 'line', x1: 0, y1: 0, x2: 467, y2: 0, lineWidth: 0.5, lineColor: '#999999' }],
        margin: [0, 8, 0, 12],
      }
    case 'blockquote':
      return { stack: blocks(inside(token)), margin: [16, 0, 0, 4], color: '#444444' }
    case 'code':
      return { text: leafText(token), preserveLeadingSpaces: true, fontSize: 10, margin: [12, 0, 0, 9] }
    case 'text':
      return { text: runs([token]), margin: [0, 0, 0, 3] }
    default:
      return { text: runs(inside(token).length > 0 ? inside(token) : [token]), margin: [0, 0, 0, 9] }
  }
}

function list({ items, ordered, start }: Tokens.List): Content {
  const rows = items.map((item): Content => ({ stack: blocks(item.tokens.filter(({ type }) => type !== 'checkbox')) }))
  const margin: [number, number, number, number] = [0, 0, 0, 6]
  return ordered ? { ol: rows, start: Number(start || 1), margin } : { ul: rows, margin }
}

function table({ header, rows }: Tokens.Table): Content {
  const cells = (row: Tokens.TableCell[], bold: boolean) => row.map((cell) => ({ text: runs(cell.tokens, { bold }) }))
  return {
    table: {
      headerRows: 1,
      widths: header.map(() => 'auto'),
      body: [cells(header, true), ...rows.map((row) => cells(row, false))],
    },
    layout: 'lightHorizontalLines',
    margin: [0, 0, 0, 9],
  }
}

interface Style {
  readonly bold?: boolean
  readonly italics?: boolean
  readonly decoration?: 'lineThrough' | 'underline'
  readonly link?: string
}

type Run = Style & { readonly text: string }

/** Inline tokens as runs of one style each. */
function runs(tokens: readonly Token[], style: Style = {}): Run[] {
  return tokens.flatMap((token) => {
    const within = styleOf(token, style)
    return inside(token).length > 0 ? runs(inside(token), within) : [{ ...within, text: leafText(token) }]
  })
}

function styleOf(token: Token, style: Style): Style {
  switch (token.type) {
    case 'strong':
      return { ...style, bold: true }
    case 'em':
      return { ...style, italics: true }
    case 'del':
      return { ...style, decoration: 'lineThrough' }
    case 'link': {
      const { href } = token as Tokens.Link
      return /^(https?|mailto|tel):/i.test(href) ? { ...style, decoration: 'underline', link: href } : style
    }
    default:
      return style
  }
}
