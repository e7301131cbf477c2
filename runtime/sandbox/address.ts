/** An address of the plain kind, in lower case; `undefined` for anything else. Takes at most 254 characters (RFC 5321). */
export function plainAddress(text: string): string | undefined {
  const address = text.trim().toLowerCase()
  return address.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(address)
    ? address
    : undefined
}

/** The mailbox that an address leads to: the company's own for `office+anything@…`, else one of that very name. */
export function mailboxFor(address: string, company: string): string {
  const at = address.lastIndexOf('@')
  const base = address.slice(0, at).replace(/\+.*$/s, '') + address.slice(at)
  return base === company ? company : address
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
