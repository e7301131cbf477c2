import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../runtime/log.ts'
import { startMailSandbox } from '../runtime/sandbox/index.ts'
import { apiOf } from './api.ts'
import { type Gate, gateTo } from './gate.ts'
import { serveRouter } from './sandbox-pages.ts'
import type { SandboxLetter } from './server.ts'

/** The clients of a company: what is sent to them, and their answers. It outlives any server; each way to it is a gate. */
export interface MailWorld {
  readonly smtp: Gate
  readonly imap: Gate
  /** What a server in this process is started with. */
  readonly options: {
    readonly smtpUrl: string
    readonly imapUrl: string
    readonly imapMailbox: string
    readonly from: string
    readonly trustedAuthserv: string
  }
  /** The same for one in a process of its own. */
  readonly settings: Readonly<Record<string, string>>
  letters(address: string): Promise<Delivery[]>
  answer(letter: SandboxLetter, text: string): Promise<void>
  close(): Promise<void>
}

/** A letter, and when it came. */
export interface Delivery extends SandboxLetter {
  readonly date: string
}

/** Its gates are shut at first. */
export async function mailWorld(companyAddress: string): Promise<MailWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-mail-'))
  const sandbox = await startMailSandbox({ dataDir, companyAddress, log: createLog('silent') })
  const served = await serveRouter(sandbox.router)
  const pages = apiOf(served.url, '')
  const smtp = await gateTo(sandbox.smtpPort)
  const imap = await gateTo(sandbox.imapPort)
  const options = {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    imapUrl: sandbox.imapUrl.replace(`:${sandbox.imapPort}`, `:${imap.port}`),
    imapMailbox: 'INBOX',
    from: companyAddress,
    trustedAuthserv: sandbox.authserv,
  }
  return {
    smtp,
    imap,
    options,
    settings: {
      ZGODA_SMTP_URL: options.smtpUrl,
      ZGODA_IMAP_URL: options.imapUrl,
      ZGODA_TRUSTED_AUTHSERV: options.trustedAuthserv,
    },
    letters: async (address) =>
      (await pages.get(`/_mail/api/messages?mailbox=${encodeURIComponent(address)}`)).body as Delivery[],
    answer: async (letter, text) => {
      const { status, body } = await pages.post('/_mail/api/replies', { message: letter.id, text })
      if (status >= 300) throw new Error(`the answer was not taken: ${JSON.stringify(body)}`)
    },
    close: async () => {
      await Promise.all([smtp.shut(), imap.shut()])
      served.server.close()
      await sandbox.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
