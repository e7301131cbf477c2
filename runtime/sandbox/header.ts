/** Where a letter's header ends: the number of bytes with the empty line after it. Letters here have CRLF line ends. */
export function headerLength(raw: Buffer): number {
  const end = raw.indexOf('\r\n\r\n')
  return end === -1 ? raw.length : end + 4
}

/** The header's fields in order, as they stand, folded lines and all. */
export function headerFields(raw: Buffer): readonly { readonly name: string; readonly text: string }[] {
  const header = raw.subarray(0, headerLength(raw)).toString('latin1')
  return header
    .split(/\r\n(?!\s)/)
    .filter((text) => text.includes(':'))
    .map((text) => ({ name: text.slice(0, text.indexOf(':')).trim().toLowerCase(), text }))
}
