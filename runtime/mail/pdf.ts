export interface PdfInput {
  readonly title: string
  readonly markdown: string
  readonly language: string
}

/** A document as PDF on A4, its fonts embedded (Latin with Polish, Cyrillic, Greek). */
export async function pdf(_input: PdfInput): Promise<Buffer> {
  throw new Error('not written yet')
}
