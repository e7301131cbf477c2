/** Bytes read of a signed message; nesting of its structure; pieces its content may come in. */
const most = { depth: 40, pieces: 100_000 }

const signedData = '2a864886f70d010702'

/**
 * The content of an opaque signed S/MIME message (RFC 8551 §3.5.2, CMS `SignedData`): the very bytes that were signed.
 * Nothing where it is enciphered, or not of that form. The signature is not looked at: what proves the sender is DKIM and SPF.
 */
export function signedContent(der: Buffer): Buffer | undefined {
  try {
    const info = inside(read(der, 0, 0))
    if (info[0]?.tag !== 0x06 || info[0].value.toString('hex') !== signedData || !info[1]) return undefined
    const signed = inside(inside(info[1])[0])
    const encapsulated = inside(signed[2])
    const wrapped = encapsulated[1] && inside(encapsulated[1])[0]
    return wrapped && Buffer.concat(octets(wrapped, 0, { left: most.pieces }))
  } catch {
    return undefined
  }
}

interface Element {
  readonly tag: number
  readonly value: Buffer
  readonly end: number
}

function inside(element: Element | undefined): Element[] {
  if (!element) throw new Error('an element is missing')
  const found: Element[] = []
  for (let at = 0; at < element.value.length && found.length < most.pieces; ) {
    const next = read(element.value, at, 0)
    if (next.tag === 0 && next.value.length === 0) break
    found.push(next)
    at = next.end
  }
  return found
}

/** An octet string, whole or in pieces as senders write it whose length they did not know (BER). */
function octets(element: Element, depth: number, budget: { left: number }): Buffer[] {
  budget.left -= 1
  if (budget.left < 0 || depth > most.depth) throw new Error('too many pieces')
  if (element.tag === 0x04) return [element.value]
  if (element.tag !== 0x24) throw new Error('no octets')
  return inside(element).flatMap((piece) => octets(piece, depth + 1, budget))
}

/** The element at `at`: definite length (X.690 §8.1.3.4), or indefinite up to its end-of-contents. */
function read(bytes: Buffer, at: number, depth: number): Element {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || depth > most.depth) throw new Error('cut off')
  if (first === 0x80) return indefinite(bytes, at, tag, depth)
  const long = first > 0x80 ? first - 0x80 : 0
  if (long > 4) throw new Error('too long')
  const length = long === 0 ? first : bytes.readUIntBE(at + 2, long)
  const start = at + 2 + long
  if (start + length > bytes.length) throw new Error('cut off')
  return { tag, value: bytes.subarray(start, start + length), end: start + length }
}

function indefinite(bytes: Buffer, at: number, tag: number, depth: number): Element {
  let end = at + 2
  for (;;) {
    const next = read(bytes, end, depth + 1)
    if (next.tag === 0 && next.value.length === 0) break
    end = next.end
  }
  return { tag, value: bytes.subarray(at + 2, end), end: end + 2 }
}
