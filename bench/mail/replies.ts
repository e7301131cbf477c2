import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth'
import { letterReference, messageId, type Reference, replyTo } from '../../runtime/mail/reference.ts'

/** All clients have the same address: what tells their answers apart is the letter. */
export const sender = 'client@client.example'
export const office = 'office@bench.example'
export const authserv = 'mx.bench.example'

export interface Signer {
  /** The DNS record of its key. */
  readonly record: string
  sign(raw: string): Promise<string>
}

/** A client's own answer to a letter, as a mail program writes it, with what the company's mail server has found of it. */
export function reply(to: Reference, key: Buffer): string {
  const reference = letterReference(to, key)
  const unique = `${to.caseId}.${Math.random().toString(36).slice(2)}`
  return [
    `Return-Path: <${sender}>`,
    `Received: from mail.client.example (mail.client.example [192.0.2.1]) by ${authserv}; Mon, 1 Jun 2026 10:00:00 +0000`,
    `Authentication-Results: ${authserv}; dkim=pass header.d=client.example; spf=pass smtp.mailfrom=${sender}`,
    `Message-ID: <${unique}@client.example>`,
    'Date: Mon, 1 Jun 2026 10:00:00 +0000',
    `From: A Client <${sender}>`,
    `To: Bench <${replyTo(office, reference)}>`,
    'Subject: Re: Order 1: may we?',
    `In-Reply-To: ${messageId(reference, 'bench.example')}`,
    `References: ${messageId(reference, 'bench.example')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    'I agree',
    '',
    'On Mon, 1 Jun 2026 at 09:58, Bench wrote:',
    '> Hello,',
    '>',
    '> may we begin with your order of tulips? About once a month we write to you about offers. You can say no.',
    '> Answer with the one line `I agree`.',
    '>',
    '> Bench',
    '',
  ].join('\r\n')
}

/** Signs as the sender's mail server does (RFC 6376), with a new key of 2048 bits. */
export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signing = { signingDomain: 'client.example', selector: 'bench', privateKey: pem }
  return {
    record,
    sign: async (raw) => {
      const { signatures, errors } = await dkimSign(raw, { ...signing, signatureData: [signing] })
      if (errors.length > 0) throw new Error(`a message could not be signed: ${errors[0]?.err?.message}`)
      return signatures + raw
    },
  }
}
