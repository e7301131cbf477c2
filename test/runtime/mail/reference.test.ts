import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parse } from '../../../runtime/mail/parse.ts'
import { findReference, letterReference, messageId, readReference, replyTo } from '../../../runtime/mail/reference.ts'

const key = Buffer.alloc(32, 7)
const letter = { caseId: '0190f3a2-7c1b-7def-8123-456789abcdef', seq: 12 }
const reference = letterReference(letter, key)

async function found(...headers: string[]) {
  const incoming = await parse(Buffer.from(`From: a@b.example\r\n${headers.join('\r\n')}\r\n\r\nhello\r\n`))
  if (incoming.malformed) throw new Error(incoming.because)
  return findReference(incoming, key)
}

describe('the reference of a letter', () => {
  it('is the same at each try and leads back to the letter', () => {
    expect(letterReference(letter, key)).toBe(reference)
    expect(readReference(reference, key)).toEqual(letter)
    for (let count = 0; count < 200; count += 1) {
      const any = { caseId: randomUUID(), seq: count * 7919 }
      const other = randomBytes(32)
      expect(readReference(letterReference(any, other), other)).toEqual(any)
    }
  })

  it('fits into a local part of 64 octets together with the mailbox and its plus', () => {
    expect(`office+${letterReference({ ...letter, seq: 99_999_999 }, key)}`.length).toBeLessThanOrEqual(64)
    expect(reference).toMatch(/^[a-z2-7]{26}\.12\.[a-z2-7]{16}$/)
  })

  it('survives a mail program that changes the case of letters', () => {
    expect(readReference(reference.toUpperCase(), key)).toEqual(letter)
  })

  it.each([
    ['another letter', reference.replace('.12.', '.13.')],
    ['another case', `${reference.startsWith('a') ? 'b' : 'a'}${reference.slice(1)}`],
    ['another mac', reference.slice(0, -1) + (reference.endsWith('a') ? 'b' : 'a')],
    ['a leading zero', reference.replace('.12.', '.012.')],
    ['a tail', `${reference}a`],
    ['nothing', ''],
    ['a huge text', 'a'.repeat(1_000_000)],
  ])('is refused with %s', (_, text) => {
    expect(readReference(text, key)).toBeUndefined()
  })

  it('is refused under another key', () => {
    expect(readReference(reference, Buffer.alloc(32, 8))).toBeUndefined()
  })

  it('is found in In-Reply-To, References and every recipient field', async () => {
    const address = replyTo('office@shop.example', reference)
    for (const header of [
      `In-Reply-To: ${messageId(reference, 'shop.example')}`,
      `References: <old@x.example>\r\n ${messageId(reference, 'shop.example')} <new@x.example>`,
      `To: "Shop" <${address}>`,
      `Cc: Friends: x@y.example, ${address};`,
      `Delivered-To: ${address.toUpperCase()}`,
      `X-Original-To: ${address}`,
    ]) {
      expect(await found(header), header).toEqual({ reference: letter, forged: false })
    }
  })

  it('is forged where the form is right and the mac is not, and absent where the form is another', async () => {
    const forged = reference.replace('.12.', '.13.')
    expect(await found(`In-Reply-To: <${forged}@shop.example>`)).toEqual({ forged: true })
    expect(await found('In-Reply-To: <CAF+x.y.z@mail.example>', 'To: office+tag@shop.example')).toEqual({
      forged: false,
    })
  })

  it('is found among ten thousand others without taking long', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ` <${index}@x.example>`).join('\r\n')
    expect(await found(`References:${many}`, `In-Reply-To: <${reference}@shop.example>`)).toMatchObject({
      reference: letter,
    })
  })
})
