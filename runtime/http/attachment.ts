import type { FileView } from './ports.ts'
import type { Web } from './site.ts'

/** An answer that is a file: the browser keeps it and never shows it as a page of ours. */
export class Attachment {
  readonly #file: FileView

  constructor(file: FileView) {
    this.#file = file
  }

  sendTo(ctx: Web): void {
    const { name, type, content } = this.#file
    ctx.res.setHeader('Content-Type', type)
    ctx.res.setHeader('Content-Disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
    ctx.res.setHeader('X-Content-Type-Options', 'nosniff')
    ctx.body = content
  }
}
