import { ImapFlow } from 'imapflow'
import { NoToken, tokenFrom } from './token.ts'
import type { Waiting } from './waiting.ts'

export interface ImapServer {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly here: boolean
  readonly user: string
  readonly password: string
  /** Prints an access token, in place of the password. */
  readonly tokenCommand?: string
}

/** Of `imap://user:password@host:143` or `imaps://…`; throws where it is neither. */
export function imapServer(imapUrl: string, tokenCommand?: string): ImapServer {
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
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(tokenCommand ? { tokenCommand } : {}),
  }
}

/** A connection, signed in, that announces new mail and its own close; it ends with `waiting`. */
export async function connect(server: ImapServer, waiting: Waiting): Promise<ImapFlow> {
  const { host, port, secure, here, user, password, tokenCommand } = server
  const secret = tokenCommand ? { accessToken: await tokenFrom(tokenCommand) } : { pass: password }
  const client = new ImapFlow({
    host,
    port,
    secure,
    auth: { user, ...secret },
    // A password or token leaves this machine only under TLS.
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
  if (error instanceof NoToken) return `the command of ZGODA_IMAP_TOKEN_COMMAND gave no access token: ${error.message}`
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
