export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** A file by what it is, without its content. */
export interface FileRef {
  readonly name: string
  readonly type: string
  /** Bytes. */
  readonly size: number
}

export interface FileView {
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly content: Buffer
}
