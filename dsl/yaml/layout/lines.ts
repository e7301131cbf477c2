import type { Comment } from '../../comments.ts'
import type { Line } from '../../format/doc.ts'

/** Lines of YAML as they are put together. */
export class Lines {
  readonly all: Line[] = []

  add(indent: number, text: string, remark?: string): void {
    this.all.push({ indent, text, remark })
  }

  /**
   * A blank line, where there is something above it to be kept apart and none stands there yet: a text that ends in
   * blank lines would take one more for its own.
   */
  blank(): void {
    if (this.all.length > 0 && this.all.at(-1)?.text !== '') this.add(0, '')
  }

  comments(comments: readonly Comment[], indent: number): void {
    for (const { text, apart } of comments) {
      if (apart) this.blank()
      this.add(indent, text)
    }
  }

  append(more: Lines): void {
    for (const line of more.all) this.all.push(line)
  }

  /** Puts a dash before the first line. */
  dash(indent: number): void {
    const [first] = this.all
    if (first) this.all[0] = { ...first, indent, text: `- ${first.text}` }
  }
}
