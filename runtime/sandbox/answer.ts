import { createTransport } from 'nodemailer'
import { domainOf } from './address.ts'
import type { Letter } from './letter.ts'

/** What a letter's receiver sends back. */
export interface Answer {
  readonly text: string
  /** Another sender than the letter's receiver. */
  readonly from?: string
  /** Whether it is sent by a program, as an out-of-office note is (RFC 3834). */
  readonly auto: boolean
}

export interface Sent {
  readonly messageId: string
  readonly to: string
}

export interface Postbox {
  /** Sends an answer through the sandbox's SMTP port, as a mail program would. */
  answer(letter: Letter, answer: Answer): Promise<Sent>
  close(): void
}

/** The way by which the mailbox pages send: signed in, so that the intake knows them. */
export function openPostbox(port: number, auth: { readonly user: string; readonly password: string }): Postbox {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    auth: { user: auth.user, pass: auth.password },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async answer(letter, answer) {
      const address = answer.from ?? letter.mailbox
      const name = answer.from === undefined ? letter.receiverName : undefined
      const sent = await transport.sendMail({
        from: name ? { name, address } : address,
        to: letter.answerTo,
        envelope: { from: address, to: letter.answerTo },
        subject: answerSubject(letter.subject, answer.auto),
        text: `${answer.text}\n\n${quote(letter)}`,
        messageId: `<${crypto.randomUUID()}@${domainOf(address)}>`,
        ...(letter.messageId
          ? { inReplyTo: letter.messageId, references: [...letter.references, letter.messageId] }
          : {}),
        headers: answer.auto ? { 'Auto-Submitted': 'auto-replied' } : {},
      })
      return { messageId: sent.messageId, to: letter.answerTo }
    },
    close: () => transport.close(),
  }
}

function answerSubject(subject: string, auto: boolean): string {
  if (auto) return `Automatic reply: ${subject}`
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`
}

/** The letter below the answer, as mail programs put it. */
function quote(letter: Letter): string {
  const when = letter.at.slice(0, 16).replace('T', ' ')
  const lines = letter.text.trimEnd().split('\n')
  return [`On ${when}, ${letter.from} wrote:`, ...lines.map((line) => (line ? `> ${line}` : '>'))].join('\n')
}
