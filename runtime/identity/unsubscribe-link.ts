import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a link at the end of a letter withdraws, and which letter it stood in. */
export interface Unsubscribing {
  readonly clientId: string
  readonly purpose: string
  readonly caseId: string
  readonly seq: number
}

const macLength = 20
const version = 1
/** The version, the client and the case, and the letter in six bytes; then the purpose's name. */
const fixed = 1 + 16 + 16 + 6

/**
 * The token of a link that withdraws one client's consent to one purpose, for `/portal/u/TOKEN`. It opens nothing else, so a
 * letter that is passed on gives nobody more than that.
 */
export function unsubscribeLink({ clientId, purpose, caseId, seq }: Unsubscribing, key: Uint8Array): string {
  const letter = Buffer.alloc(6)
  letter.writeUIntBE(seq, 0, 6)
  const claim = Buffer.concat([Buffer.from([version]), uuid(clientId), uuid(caseId), letter, Buffer.from(purpose)])
  return Buffer.concat([mac(claim, key), claim]).toString('base64url')
}

/** What a token withdraws, or nothing where it is not of this key. */
export function readUnsubscribeLink(token: string, key: Uint8Array): Unsubscribing | undefined {
  if (token.length > 400) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length <= macLength + fixed || bytes.toString('base64url') !== token) return undefined
  const claim = bytes.subarray(macLength)
  if (claim[0] !== version || !timingSafeEqual(mac(claim, key), bytes.subarray(0, macLength))) return undefined
  return {
    clientId: textOf(claim.subarray(1, 17)),
    caseId: textOf(claim.subarray(17, 33)),
    seq: claim.readUIntBE(33, 6),
    purpose: claim.subarray(fixed).toString('utf8'),
  }
}

function mac(claim: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('unsubscribe link\n').update(claim).digest().subarray(0, macLength)
}

function uuid(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw new TypeError('an id must be a UUID')
  return bytes
}

function textOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
