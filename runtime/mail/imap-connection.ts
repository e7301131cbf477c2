import { ImapFlow } from 'imapflow'
import type { Waiting } from './waiting.ts'

export interface ImapServer {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly here: boolean
  readonly auth: { readonly user: string; readonly pass: string }
}

/** Of `imap://user:password@host:143` or `imaps://…`; throws where it is neither. */
export function imapServer(imapUrl: string): ImapServer {
  const url = new URL(imapUrl)
  const secure = url.protocol === 'imaps:'
  if (!secure && url.protocol !== 'imap:') throw new Error('the IMAP address must begin with imap:// or imaps://')
  if (!url.username) throw new Error('the IMAP address must name a user: imaps://user:password@host')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 993 : 143,
    secure,
    here: host === 'localhost' || host === '::1' || host.startsWith('127.'),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  }
}

/** A connection, signed in, that announces new mail and its own close; it ends with `waiting`. */
export async function connect({ host, port, secure, here, auth }: ImapServer, waiting: Waiting): Promise<ImapFlow> {
  const client = new ImapFlow({
    host,
    port,
    secure,
    auth: { ...auth },
    // A password leaves this machine only under TLS.
    ...(secure || here ? {} : { doSTARTTLS: true }),
    tls: { rejectUnauthorized: !here },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 30_000,
    greetingTimeout: 15_000,
    socketTimeout: 150_000,
  })
  client.on('error', () => waiting.announce())
  client.on('close', () => waiting.announce())
  client.on('exists', () => waiting.announce())
  waiting.atEnd(() => client.close())
  try {
    await client.connect()
  } catch (error) {
    client.close()
    throw error
  }
  return client
}

/** Why a connection failed, without what the server wrote, which may hold addresses. */
export function whyLost(error: unknown): string {
  const { authenticationFailed, mailboxMissing, code } = (error instanceof Error ? error : {}) as {
    authenticationFailed?: boolean
    mailboxMissing?: boolean
    code?: string
  }
  if (authenticationFailed) return 'the IMAP server does not accept our user name and password'
  if (mailboxMissing) return 'the IMAP server has no such mailbox (ZGODA_IMAP_MAILBOX)'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name of the IMAP server is not known'
  if (code === 'ECONNREFUSED') return 'the IMAP server can not be reached'
  if (code?.includes('TIMEOUT') || code === 'ETIMEDOUT' || code === 'CONNECT_TIMEOUT')
    return 'the IMAP server did not answer in time'
  return 'the connection to the IMAP server broke'
}
