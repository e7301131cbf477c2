import fc from 'fast-check'

/** A place for a comment in a text that is not known yet. */
export interface Wish {
  /** Which line, counted anew from the first where the text has fewer. */
  readonly line: number
  /** How far it is set in; absent for one at the end of the line. */
  readonly indent: number | undefined
  readonly blankBefore: boolean
  readonly blankBehind: boolean
}

export const anyComments: fc.Arbitrary<readonly Wish[]> = fc.array(
  fc.record({
    line: fc.nat(500),
    indent: fc.option(fc.nat(14), { nil: undefined }),
    blankBefore: fc.boolean(),
    blankBehind: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
)

/** The text with a comment at each place where `fits` says that it is one: `# 1`, `# 2` … */
export function withComments(text: string, wishes: readonly Wish[], fits: (text: string) => boolean): string {
  let written = text
  for (const [index, wish] of wishes.entries()) {
    const tried = inserted(written, wish, `# ${index + 1}`)
    if (fits(tried)) written = tried
  }
  return written
}

function inserted(text: string, { line, indent, blankBefore, blankBehind }: Wish, comment: string): string {
  const lines = text.split('\n')
  const at = line % lines.length
  if (indent === undefined) lines[at] = `${lines[at]} ${comment}`
  else {
    const added = [...(blankBefore ? [''] : []), ' '.repeat(indent) + comment, ...(blankBehind ? [''] : [])]
    lines.splice(at, 0, ...added)
  }
  return lines.join('\n')
}
