import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds by which the clocks of sender and receiver may differ: an older signature is worth nothing. */
const tolerance = 300

/** The `Zgoda-Signature` of a body: when it was signed, and HMAC-SHA-256 over `t.body` under the shared secret. */
export function signatureOf(body: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  return `t=${seconds},v1=${macOf(body, secret, seconds).toString('hex')}`
}

/** Whether a `Zgoda-Signature` was made of this body under this secret, within five minutes of now. */
export function signatureHolds(header: string, body: string, secret: string, now: Date): boolean {
  const read = readSignature(header)
  if (!read || Math.abs(now.getTime() / 1000 - read.seconds) > tolerance) return false
  return timingSafeEqual(Buffer.from(read.mac, 'hex'), macOf(body, secret, read.seconds))
}

/** The parts of a `Zgoda-Signature`; nothing where it is none. */
export function readSignature(header: string): { readonly seconds: number; readonly mac: string } | undefined {
  const [, seconds, mac] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? []
  return seconds && mac ? { seconds: Number(seconds), mac } : undefined
}

function macOf(body: string, secret: string, seconds: number): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest()
}
