import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16

/**
 * Enciphers under a 256-bit key: initialisation vector, tag, then the text. `place` is bound in, so that a sealed value
 * moved to another row does not open.
 */
export function seal(key: KeyObject, plain: Buffer, place: string): Buffer {
  const iv = freshIv()
  const cipher = createCipheriv(algorithm, key, iv)
  cipher.setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

/** The text sealed there; throws where the key, the place or a byte differs. */
export function open(key: KeyObject, sealed: Buffer, place: string): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivLength))
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(ivLength, ivLength + tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()])
}

let ivs = Buffer.alloc(0)

/** Twelve random bytes never given before; drawn a thousand at a time, which costs a tenth. */
function freshIv(): Buffer {
  if (ivs.length < ivLength) ivs = randomBytes(ivLength * 1024)
  const iv = ivs.subarray(0, ivLength)
  ivs = ivs.subarray(ivLength)
  return iv
}
