import type { Comment } from '../../comments.ts'
import type { Line } from '../../format/doc.ts'
import type { Block } from './scalar.ts'

/** Lines of YAML as they are put together. */
export class Lines {
  readonly all: Line[] = []
  /** The last line ends a text to which a blank line would add. */
  #closed = false

  add(indent: number, text: string, remark?: string): void {
    this.all.push({ indent, text, remark })
    this.#closed = false
  }

  /** The lines of a text below its header. */
  block(indent: number, { lines, keeps }: Block): void {
    for (const line of lines) this.add(indent, line)
    this.#closed = keeps
  }

  /** Puts a dash before the first line. */
  dash(indent: number): void {
    const [first] = this.all
    if (first) this.all[0] = { ...first, indent, text: `- ${first.text}` }
  }

  /** A blank line, where there is something above it to be kept apart. */
  blank(): void {
    if (this.all.length > 0 && !this.#closed && this.all.at(-1)?.text !== '') this.add(0, '')
  }

  comments(comments: readonly Comment[], indent: number): void {
    for (const { text, apart } of comments) {
      if (apart) this.blank()
      this.add(indent, text)
    }
  }

  append(more: Lines): void {
    this.all.push(...more.all)
    this.#closed = more.#closed
  }
}
