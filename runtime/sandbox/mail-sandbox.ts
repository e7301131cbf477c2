import { randomBytes } from 'node:crypto'
import type { Middleware } from 'koa'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { plainAddress } from './address.ts'
import { openPostbox } from './answer.ts'
import { lockFolder } from './folder-lock.ts'
import { startImap } from './imap.ts'
import { LetterReader } from './letter.ts'
import { Mailboxes } from './mailboxes.ts'
import { mailRoutes } from './pages.ts'
import { startSmtp } from './smtp.ts'

export interface MailSandboxOptions {
  /** Keeps the letters: the world outside, that outlives a restart. */
  readonly dataDir: string
  /** The company's own address. Mail to it, plus-addresses included, is what the IMAP server shows. */
  readonly companyAddress: string
  readonly log: Log
  readonly clock?: Clock
  /** Free ones where absent. */
  readonly smtpPort?: number
  readonly imapPort?: number
  /** Answers the pages offer as buttons. */
  readonly quickAnswers?: readonly string[]
}

export interface MailSandbox {
  readonly smtpUrl: string
  readonly imapUrl: string
  readonly smtpPort: number
  readonly imapPort: number
  /** The IMAP mailbox to read. */
  readonly mailbox: string
  /** The one name whose Authentication-Results the sandbox vouches for. */
  readonly authserv: string
  /** The pages and their API, under `/_mail`. */
  readonly router: { routes(): Middleware }
  stop(): Promise<void>
}

const authserv = 'sandbox.zgoda.invalid'
const user = 'company'

/** The world of mail around a demo: an SMTP server for any address, the company's IMAP server, and mailbox pages. */
export async function startMailSandbox(options: MailSandboxOptions): Promise<MailSandbox> {
  const { dataDir, log, clock = systemClock } = options
  const company = plainAddress(options.companyAddress)
  if (!company) throw new Error(`\`${options.companyAddress}\` is not an address the company could receive mail at`)
  const unlock = await lockFolder(dataDir)
  const mailboxes = await Mailboxes.open(dataDir, clock)
  const pages = { user: 'mailbox-pages', password: secret() }
  const password = secret()
  const smtp = await startSmtp({ mailboxes, company, authserv, pages, port: options.smtpPort ?? 0, clock, log })
  const imap = await startImap({ mailboxes, company, user, password, port: options.imapPort ?? 0, log })
  const postbox = openPostbox(smtp.port, pages)
  const routes = mailRoutes({
    mailboxes,
    letters: new LetterReader(mailboxes),
    postbox,
    company,
    smtpPort: smtp.port,
    imapPort: imap.port,
    quickAnswers: options.quickAnswers ?? ['I agree', 'No'],
  })
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    imapUrl: `imap://${user}:${password}@127.0.0.1:${imap.port}`,
    smtpPort: smtp.port,
    imapPort: imap.port,
    mailbox: 'INBOX',
    authserv,
    router: { routes: () => routes },
    async stop() {
      postbox.close()
      await Promise.all([smtp.stop(), imap.stop()])
      await mailboxes.close()
      await unlock()
    },
  }
}

/** Known to this process alone, and gone with it. */
function secret(): string {
  return randomBytes(24).toString('base64url')
}
