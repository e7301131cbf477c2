import { domainToASCII, domainToUnicode } from 'node:url'
import { domainOf } from './alignment.ts'

/** Providers where what stands behind a `+` names the same mailbox, by their own word. */
const subaddressing = new Set([
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'msn.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'proton.me',
  'protonmail.com',
  'pm.me',
  'fastmail.com',
])

/** Whether two addresses are one mailbox: capitals and the writing of a domain (`xn--…`) aside, and aliases of known providers. */
export function sameAddress(one: string, other: string): boolean {
  return mailbox(one) === mailbox(other)
}

function mailbox(address: string): string {
  const plain = address.trim().toLowerCase().normalize('NFC')
  const named = domainOf(plain)
  const domain = domainToASCII(named.replace(/\.$/, '')).replace(/^googlemail\.com$/, 'gmail.com') || named
  const local = plain.slice(0, Math.max(0, plain.lastIndexOf('@')))
  if (!subaddressing.has(domain)) return `${local}@${domain}`
  const base = local.replace(/\+.*$/, '')
  return `${domain === 'gmail.com' ? base.replaceAll('.', '') : base}@${domain}`
}

/** Letters of other scripts that look like Latin ones, and what they look like (after Unicode's confusables). */
const looksLike: Readonly<Record<string, string>> = {
  а: 'a',
  ӓ: 'a',
  α: 'a',
  ɑ: 'a',
  ь: 'b',
  в: 'b',
  с: 'c',
  ϲ: 'c',
  ԁ: 'd',
  е: 'e',
  ё: 'e',
  ҽ: 'e',
  ε: 'e',
  ɡ: 'g',
  һ: 'h',
  н: 'h',
  і: 'i',
  ї: 'i',
  ı: 'i',
  ι: 'i',
  ј: 'j',
  к: 'k',
  κ: 'k',
  ӏ: 'l',
  м: 'm',
  п: 'n',
  ո: 'n',
  η: 'n',
  о: 'o',
  ο: 'o',
  σ: 'o',
  օ: 'o',
  р: 'p',
  ρ: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  τ: 't',
  υ: 'u',
  ս: 'u',
  ν: 'v',
  ѵ: 'v',
  ԝ: 'w',
  ω: 'w',
  х: 'x',
  χ: 'x',
  у: 'y',
  ү: 'y',
  ᴢ: 'z',
}

/** Whether an address is another that only looks like this one: `аnna@…` with a Cyrillic а, `rn` for `m`, `1` for `l`. */
export function looksLikeAddress(one: string, other: string): boolean {
  return !sameAddress(one, other) && skeleton(one) === skeleton(other)
}

function skeleton(address: string): string {
  const plain = address.trim().toLowerCase()
  const whole = `${plain.slice(0, plain.lastIndexOf('@'))}@${domainToUnicode(domainOf(plain)) || domainOf(plain)}`
  return [...whole.normalize('NFKD').replace(/[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]/g, '')]
    .map((letter) => looksLike[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('0', 'o')
    .replace(/[1|]/g, 'l')
    .replaceAll('i', 'l')
}
