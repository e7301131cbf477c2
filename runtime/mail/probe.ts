import { connect, imapServer, whyLost } from './imap-connection.ts'
import { Waiting } from './waiting.ts'

/** How the company's mailbox answers: `idle` says whether new mail is announced at once (RFC 2177). */
export type Probed =
  | { readonly ok: true; readonly idle: boolean; readonly messages: number }
  | { readonly ok: false; readonly because: string }

/** Signs in, opens the mailbox for reading alone, and leaves. */
export async function probeMailbox(imapUrl: string, mailbox: string, tokenCommand?: string): Promise<Probed> {
  const waiting = new Waiting()
  try {
    const client = await connect(imapServer(imapUrl, tokenCommand), waiting)
    const { exists } = await client.mailboxOpen(mailbox, { readOnly: true })
    return { ok: true, idle: client.capabilities.has('IDLE'), messages: exists }
  } catch (error) {
    return { ok: false, because: whyLost(error) }
  } finally {
    waiting.end()
  }
}
