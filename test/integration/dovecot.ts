import { execFile } from 'node:child_process'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { account } from '../account.ts'
import { type Daemon, startDaemon } from './daemon.ts'

const run = promisify(execFile)
const password = 'integration'

export interface DovecotPorts {
  readonly imap: number
  readonly lmtp: number
}

/** Why Dovecot can't be started here, if so: its settings below are for 2.3. */
export async function whyNoDovecot(): Promise<string | undefined> {
  const version = await run('dovecot', ['--version']).catch(() => undefined)
  if (!version) return 'install dovecot-imapd and dovecot-lmtpd'
  if (!version.stdout.startsWith('2.3')) return `Dovecot is ${version.stdout.trim()}, and these settings are for 2.3`
  return undefined
}

/** The mailbox of an address on it; every address has one. */
export function dovecotUrl(address: string, { imap }: DovecotPorts): string {
  return `imap://${encodeURIComponent(address)}:${password}@127.0.0.1:${imap}`
}

/** The Maildir of an address, below the folder of Dovecot. */
export function maildir(folder: string, address: string): string {
  return join(folder, 'dovecot', 'mail', address.toLowerCase(), 'Maildir')
}

/** Dovecot, that keeps its mail under `folder` and takes it in over LMTP. Needs root; others must be able to pass the folder. */
export async function configureDovecot(folder: string, ports: DovecotPorts): Promise<void> {
  const own = join(folder, 'dovecot')
  const mail = await account('mail')
  await mkdir(join(own, 'mail'), { recursive: true })
  await chown(join(own, 'mail'), mail.uid, mail.gid)
  await writeFile(join(own, 'dovecot.conf'), settings(own, ports, mail))
}

export function startDovecot(folder: string, ports: DovecotPorts): Promise<Daemon> {
  const args = ['-F', '-c', join(folder, 'dovecot', 'dovecot.conf')]
  return startDaemon('dovecot', args, join(folder, 'dovecot.log'), ports.imap)
}

function settings(folder: string, ports: DovecotPorts, mail: { readonly uid: number; readonly gid: number }): string {
  return `
base_dir = ${folder}/run
log_path = /dev/stderr
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_username_format = %Lu
first_valid_uid = 1
mail_location = maildir:~/Maildir
recipient_delimiter = +
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${mail.uid} gid=${mail.gid} home=${folder}/mail/%Lu allow_all_users=yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
}
