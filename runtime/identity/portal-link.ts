import { createHmac, timingSafeEqual } from 'node:crypto'

const macLength = 20

/**
 * The token of a client's own link, for `/portal/l/TOKEN` in a letter: the client's id (a UUID) and the key's version,
 * signed. `version` (0 to 255) tells which key signed, so that a rotated key ends old links.
 */
export function portalLink(clientId: string, key: Uint8Array, version = 1): string {
  const claim = Buffer.concat([Buffer.from([version]), Buffer.from(clientId.replaceAll('-', ''), 'hex')])
  if (claim.length !== 17) throw new TypeError('a portal link needs a UUID')
  return Buffer.concat([claim, mac(claim, key)]).toString('base64url')
}

/** The client a token speaks for, or nothing where it is not of this key and version. */
export function readPortalLink(token: string, key: Uint8Array, version = 1): string | undefined {
  if (token.length > 100) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== 17 + macLength || bytes[0] !== version || bytes.toString('base64url') !== token) return undefined
  const claim = bytes.subarray(0, 17)
  if (!timingSafeEqual(mac(claim, key), bytes.subarray(17))) return undefined
  const hex = claim.subarray(1).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function mac(claim: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('portal link\n').update(claim).digest().subarray(0, macLength)
}
