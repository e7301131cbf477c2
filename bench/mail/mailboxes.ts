import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { startImap } from '../../runtime/sandbox/imap.ts'
import { Mailboxes } from '../../runtime/sandbox/mailboxes.ts'
import { account } from '../../test/account.ts'
import { freePort } from '../../test/free-port.ts'
import { endDaemon } from '../../test/integration/daemon.ts'
import { configureDovecot, dovecotUrl, maildir, startDovecot, whyNoDovecot } from '../../test/integration/dovecot.ts'
import { office } from './replies.ts'

/** The company's mailbox on an IMAP server. */
export interface Mailbox {
  readonly imapUrl: string
  /** Many messages at once, before anyone reads. */
  fill(raws: readonly string[]): Promise<void>
  /** Hands one in; resolves once the server has it. */
  deliver(raw: string): Promise<void>
  stop(): Promise<void>
}

/** The IMAP server of `zgoda demo`, in this process. */
export async function sandboxMailbox(): Promise<Mailbox> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-bench-mail-'))
  const mailboxes = await Mailboxes.open(folder, systemClock)
  const user = { user: 'company', password: 'bench' }
  const imap = await startImap({ mailboxes, company: office, ...user, port: 0, log: createLog('warn') })
  const deliver = async (raw: string) => void (await mailboxes.deliver(office, Buffer.from(raw)))
  return {
    imapUrl: `imap://${user.user}:${user.password}@127.0.0.1:${imap.port}`,
    deliver,
    fill: (raws) => someAtOnce(raws, deliver),
    stop: async () => {
      await imap.stop()
      await mailboxes.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Dovecot, where it is installed and this is root; else nothing. */
export async function dovecotMailbox(): Promise<Mailbox | undefined> {
  if ((await whyNoDovecot()) || process.getuid?.() !== 0) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-bench-dovecot-'))
  await chmod(folder, 0o755)
  const ports = { imap: await freePort(), lmtp: await freePort() }
  await configureDovecot(folder, ports)
  const dovecot = await startDovecot(folder, ports)
  const lmtp = createTransport({
    host: '127.0.0.1',
    port: ports.lmtp,
    lmtp: true,
    pool: true,
    maxConnections: 1,
    ignoreTLS: true,
  } as object)
  return {
    imapUrl: dovecotUrl(office, ports),
    deliver: async (raw) =>
      void (await lmtp.sendMail({ envelope: { from: 'someone@client.example', to: office }, raw })),
    fill: (raws) => fillMaildir(maildir(folder, office), raws),
    stop: async () => {
      lmtp.close()
      await endDaemon(dovecot)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** As a delivery leaves them there; Dovecot numbers them when the mailbox is opened. */
async function fillMaildir(folder: string, raws: readonly string[]): Promise<void> {
  const { uid, gid } = await account('mail')
  for (const path of [join(folder, '..'), folder, ...['new', 'cur', 'tmp'].map((name) => join(folder, name))]) {
    await mkdir(path, { recursive: true })
    await chown(path, uid, gid)
  }
  const second = Math.floor(Date.now() / 1000)
  await someAtOnce([...raws.entries()], async ([at, raw]) => {
    const file = join(folder, 'new', `${second}.M${String(at).padStart(6, '0')}P1.bench`)
    await writeFile(file, raw)
    await chown(file, uid, gid)
  })
}

async function someAtOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values()
  const lane = async () => {
    for (const one of left) await work(one)
  }
  await Promise.all(Array.from({ length: 16 }, lane))
}
