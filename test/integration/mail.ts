import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { account } from '../account.ts'
import { freePort } from '../free-port.ts'
import { type Daemon, endDaemon, startDaemon } from './daemon.ts'
import { configureDovecot, dovecotUrl, startDovecot, whyNoDovecot } from './dovecot.ts'

const run = promisify(execFile)

/** A real mail server of one's own: Postfix takes mail for any address, Dovecot keeps and shows it. */
export interface MailServers {
  readonly smtpPort: number
  readonly smtpUrl: string
  readonly imapPort: number
  /** The mailbox of an address; every address has one, plus-addresses lead to their base. */
  imapUrl(address: string): string
  /** The name in its Authentication-Results. It takes off every other claim of that name, and of any name. */
  readonly authserv: string
  /** Ends Dovecot and starts it again on the same port, so that clients lose their connection. */
  restartImap(): Promise<void>
  stop(): Promise<void>
}

export interface MailServersOptions {
  /** Senders for whom this server's own check says `spf=pass`: it stands for the check of a provider. */
  readonly vouchFor?: readonly string[]
  /** Domains whose mail Postfix hands on to another server on this machine, by its port. */
  readonly nextHops?: Readonly<Record<string, number>>
  /** Recipients that Postfix itself answers so: `{ 'nobody@x.example': '550 5.1.1 no such user' }`. */
  readonly refuse?: Readonly<Record<string, string>>
  /** Mail to this address goes by LMTP to this port of this machine, in place of a mailbox. */
  readonly handIn?: { readonly address: string; readonly port: number }
}

interface Ports {
  readonly smtp: number
  readonly imap: number
  readonly lmtp: number
}

const authserv = 'mx.integration.invalid'

/** Starts both, as processes of this test, in a temporary folder. Needs root, Postfix 3.4 or later and Dovecot 2.3. */
export async function startMailServers(options: MailServersOptions = {}): Promise<MailServers> {
  await checkInstalled()
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-mail-'))
  // Both servers run their parts under accounts of their own.
  await chmod(folder, 0o755)
  const ports = { smtp: await freePort(), imap: await freePort(), lmtp: await freePort() }
  await configureDovecot(folder, ports)
  await configurePostfix(join(folder, 'postfix'), ports, options)
  let dovecot = await startDovecot(folder, ports)
  const postfix = await startPostfix(folder, ports)
  return {
    smtpPort: ports.smtp,
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
    imapPort: ports.imap,
    imapUrl: (address) => dovecotUrl(address, ports),
    authserv,
    async restartImap() {
      await endDaemon(dovecot)
      dovecot = await startDovecot(folder, ports)
    },
    async stop() {
      // Its master leaves our process group, so a signal to that would not reach it.
      await run('postfix', ['-c', join(folder, 'postfix', 'config'), 'abort']).catch(() => undefined)
      await Promise.all([endDaemon(postfix), endDaemon(dovecot)])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function checkInstalled(): Promise<void> {
  const postfix = await run('postconf', ['-h', 'mail_version']).catch(() => undefined)
  const missing = postfix ? await whyNoDovecot() : 'install postfix'
  if (missing) throw new Error(`to run these tests: ${missing}`)
}

async function configurePostfix(
  folder: string,
  ports: Ports,
  { vouchFor = [], nextHops = {}, refuse = {}, handIn }: MailServersOptions,
): Promise<void> {
  const { uid, gid } = await account('postfix')
  for (const name of ['config', 'queue', 'data']) await mkdir(join(folder, name), { recursive: true })
  await chown(join(folder, 'data'), uid, gid)
  const daemons = (await run('postconf', ['-h', 'daemon_directory'])).stdout.trim()
  // Tells this server's own results from those that came with the letter.
  const mark = randomBytes(12).toString('hex')
  const vouched = vouchFor.map((address) => {
    return `/^${patternOf(address)}$/ PREPEND Authentication-Results: ${authserv}; spf=pass smtp.mailfrom=${address} policy.mark=${mark}`
  })
  const file = (name: string) => join(folder, 'config', name)
  await writeFile(file('senders'), `${vouched.join('\n')}\n`)
  await writeFile(file('headers'), `/policy\\.mark=${mark}$/ DUNNO\n/^Authentication-Results[ \\t]*:/ IGNORE\n`)
  const hops = Object.entries(nextHops).map(([domain, port]) => `/@${patternOf(domain)}$/ smtp:[127.0.0.1]:${port}`)
  await writeFile(file('hops'), `${hops.join('\n')}\n`)
  const refused = Object.entries(refuse).map(([address, words]) => `/^${patternOf(address)}$/ ${words}`)
  await writeFile(file('refused'), `${refused.join('\n')}\n`)
  const settings = `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = ${daemons}
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = ${authserv}
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_sender_restrictions = check_sender_access regexp:${file('senders')}
smtpd_recipient_restrictions = check_recipient_access regexp:${file('refused')}
transport_maps = regexp:${file('hops')}
delay_warning_time = 2s
header_checks = regexp:${file('headers')}
recipient_delimiter = +
default_transport = lmtp:inet:127.0.0.1:${ports.lmtp}
${handIn ? `transport_maps = inline:{ { ${handIn.address} = lmtp:inet:127.0.0.1:${handIn.port} } }` : ''}
smtpd_tls_security_level = none
minimal_backoff_time = 1s
maximal_backoff_time = 5s
queue_run_delay = 1s
`
  await writeFile(file('main.cf'), settings)
  await writeFile(file('master.cf'), services(ports.smtp))
}

function patternOf(text: string): string {
  return text.replace(/[.+*?()[\]{}|^$\\/]/g, '\\$&')
}

function services(port: number): string {
  return `
127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
`
}

function startPostfix(folder: string, ports: Ports): Promise<Daemon> {
  const args = ['-c', join(folder, 'postfix', 'config'), 'start-fg']
  return startDaemon('postfix', args, join(folder, 'postfix.log'), ports.smtp)
}
