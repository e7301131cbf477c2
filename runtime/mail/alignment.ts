import { domainToASCII } from 'node:url'
import { getDomain } from 'tldts'

/** Whether two domains belong to one organisation: relaxed alignment (RFC 9989 §4.10.2) by the Public Suffix List. */
export function aligned(one: string, other: string): boolean {
  const [first, second] = [ascii(one), ascii(other)]
  if (first === '' || second === '') return false
  return first === second || organisation(first) === organisation(second)
}

/** The domain of an address, or of what is a domain already. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function organisation(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain
}

function ascii(domain: string): string {
  return domainToASCII(domain.trim().replace(/\.$/, '')).toLowerCase()
}
