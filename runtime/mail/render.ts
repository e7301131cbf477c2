export interface RenderOptions {
  readonly language: string
  /** The client's portal link, signed; none in letters to staff. */
  readonly portalUrl?: string
  /** Shown small under the letter. */
  readonly company?: string
}

export interface Rendered {
  readonly text: string
  readonly html: string
}

/** The two parts of a letter. */
export function render(_markdown: string, _options: RenderOptions): Rendered {
  throw new Error('not written yet')
}
