import type { Config } from '../config.ts'
import { probeMailbox } from '../mail/probe.ts'
import { createSender } from '../mail/send.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** Whether letters can go out. */
export async function examineSending({ smtpUrl, mailFrom }: Config, companyEmail?: string): Promise<Finding[]> {
  if (!smtpUrl) {
    return [note('letters', 'ZGODA_SMTP_URL is not set: letters wait', 'name the mail server that sends them')]
  }
  const from = mailFrom ?? companyEmail
  if (!from) {
    const todo = 'set ZGODA_MAIL_FROM, or `email` of the company in the workspace'
    return [bad('letters', 'no address to send from is known', todo)]
  }
  const sender = createSender({ smtpUrl, from })
  try {
    const answer = await sender.verify()
    if (answer.ok) return [good('letters', 'the mail server lets us in')]
    return [bad('letters', answer.because, 'put ZGODA_SMTP_URL right, or see to the mail server')]
  } finally {
    sender.close()
  }
}

/** Whether answers come in. */
export async function examineReceiving(config: Config): Promise<Finding[]> {
  const { imapUrl, imapMailbox, imapTokenCommand, imapDoneMailbox, lmtpPort, smtpUrl, trustedAuthserv } = config
  const handedIn =
    lmtpPort === undefined ? [] : [good('mailbox', `the mail server hands messages in at 127.0.0.1:${lmtpPort} (LMTP)`)]
  if (!imapUrl && lmtpPort !== undefined) return [...handedIn, senders(trustedAuthserv)]
  if (!imapUrl) {
    const todo = 'name the company’s mailbox'
    return [note('mailbox', 'ZGODA_IMAP_URL is not set: answers to letters are not heard', todo)]
  }
  const probed = await probeMailbox(imapUrl, imapMailbox, imapTokenCommand)
  if (!probed.ok)
    return [...handedIn, bad('mailbox', probed.because, 'put ZGODA_IMAP_URL and ZGODA_IMAP_MAILBOX right')]
  const found = [...handedIn, good('mailbox', `opens, with ${probed.messages} messages in it`)]
  if (imapDoneMailbox) {
    found.push(good('mailbox', `what is kept is moved to \`${imapDoneMailbox}\`, which is made where it is not there`))
  }
  if (!probed.idle) {
    const says = 'the server does not announce new mail (IDLE): answers are seen within a minute'
    found.push(note('mailbox', says, 'nothing, or use a server that has IDLE'))
  }
  if (smtpUrl) {
    const says = 'letters ask for answers at a plus-address, `mailbox+reference@domain`'
    found.push(note('mailbox', says, 'send a message to such an address and see that it arrives in this mailbox'))
  }
  return [...found, senders(trustedAuthserv)]
}

function senders(trustedAuthserv: string | undefined): Finding {
  return good(
    'senders',
    trustedAuthserv ? `\`${trustedAuthserv}\` says who sent a message` : 'DKIM, SPF and DMARC are checked here',
  )
}
