import { isUtf8 } from 'node:buffer'
import { Refusal } from '../refusal.ts'

/** What a file is by its content; its name says nothing that is believed. */
export interface FileKind {
  readonly type: string
  /** The first is the one that a name without a fitting one gets. */
  readonly endings: readonly string[]
}

const starts = (...bytes: number[]) => {
  const head = Buffer.from(bytes)
  return (content: Buffer) => content.subarray(0, head.length).equals(head)
}
const at = (offset: number, text: string) => (content: Buffer) =>
  content.toString('latin1', offset, offset + text.length) === text
const zip = starts(0x50, 0x4b, 0x03, 0x04)
/** The parts of an office file are named in clear within its zip. */
const zipWith = (name: string) => (content: Buffer) => zip(content) && content.includes(name)

const kinds: readonly (FileKind & { readonly is: (content: Buffer) => boolean })[] = [
  { type: 'application/pdf', endings: ['pdf'], is: at(0, '%PDF-') },
  { type: 'image/png', endings: ['png'], is: starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { type: 'image/jpeg', endings: ['jpg', 'jpeg'], is: starts(0xff, 0xd8, 0xff) },
  { type: 'image/gif', endings: ['gif'], is: at(0, 'GIF8') },
  { type: 'image/webp', endings: ['webp'], is: (content) => at(0, 'RIFF')(content) && at(8, 'WEBP')(content) },
  { type: 'image/heic', endings: ['heic'], is: at(4, 'ftyphei') },
  { type: 'image/tiff', endings: ['tif', 'tiff'], is: (content) => at(0, 'II*\0')(content) || at(0, 'MM\0*')(content) },
  {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    endings: ['docx'],
    is: zipWith('word/document.xml'),
  },
  {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    endings: ['xlsx'],
    is: zipWith('xl/workbook.xml'),
  },
  {
    type: 'application/vnd.oasis.opendocument.text',
    endings: ['odt'],
    is: zipWith('application/vnd.oasis.opendocument.text'),
  },
  {
    type: 'application/vnd.oasis.opendocument.spreadsheet',
    endings: ['ods'],
    is: zipWith('application/vnd.oasis.opendocument.spreadsheet'),
  },
  { type: 'application/zip', endings: ['zip'], is: zip },
  { type: 'text/plain', endings: ['txt', 'csv', 'md'], is: isPlainText },
]

/** Throws `Refusal` `invalid-value` for what is none of the kinds that letters carry: programs and pages above all. */
export function fileKind(content: Buffer): FileKind {
  const kind = kinds.find(({ is }) => is(content))
  if (kind) return kind
  throw new Refusal(
    'invalid-value',
    'this file is of no kind that a letter may carry: take PDF, a picture (PNG, JPEG, GIF, WebP, HEIC, TIFF), DOCX, XLSX, ODT, ODS, ZIP or plain text',
    { fields: ['file'] },
  )
}

/** A name that is safe to send, with an ending that tells what the file is. */
export function fileName(claimed: string, { endings }: FileKind): string {
  const last = claimed.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const [, base = plain, ending = ''] = /^(.*)\.([^.]{1,10})$/.exec(plain) ?? []
  const kept = endings.includes(ending.toLowerCase()) ? ending : endings[0]
  return `${[...(base || 'file')].slice(0, 100).join('')}.${kept}`
}

/** Text without control characters, and no page: what a browser would run as one is not sent on. */
function isPlainText(content: Buffer): boolean {
  if (content.length === 0 || !isUtf8(content)) return false
  const text = content.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0b\x0e-\x1f]/.test(text)) return false
  return !/^\ufeff?\s*(?:<|#!|@echo\b|\{\\rtf)/i.test(text)
}
