import { existsSync, readFileSync } from 'node:fs'
import { OperatorError } from './operator-error.ts'

/** What the environment settles, read once. Absent parts are undefined. */
export interface Config {
  readonly host: string
  readonly port: number
  /** The public address, without a slash at the end; where absent, what the server listens on. */
  readonly url: string | undefined
  readonly databaseUrl: string | undefined
  readonly masterKey: string | undefined
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  readonly imapUrl: string | undefined
  readonly imapMailbox: string
  readonly trustedAuthserv: string | undefined
  readonly adminLogin: string | undefined
  readonly adminPassword: string | undefined
  /** Worker processes of `serve`. */
  readonly nodes: number
  /** Which of them this is; the process that starts them sets it. */
  readonly worker: number | undefined
  readonly dataDir: string
  readonly logLevel: string
}

/** By what a worker process knows its number. */
export const workerSetting = 'ZGODA_WORKER'

/**
 * Reads the settings from the environment and, for what that lacks, from a `.env` file in the working directory. Throws a
 * sentence that names the setting where one is unsound, and never repeats what it holds: it may be a secret.
 */
export function readConfig(): Config {
  loadEnvFile()
  const env = (name: string) => process.env[name] || undefined
  return {
    host: env('ZGODA_HOST') ?? '127.0.0.1',
    port: portOf(env('ZGODA_PORT') ?? '8080'),
    url: addressOf('ZGODA_URL', env('ZGODA_URL'))?.replace(/\/$/, ''),
    databaseUrl: addressOf('ZGODA_DATABASE_URL', env('ZGODA_DATABASE_URL')),
    masterKey: keyOf(env('ZGODA_MASTER_KEY'), env('ZGODA_MASTER_KEY_FILE')),
    smtpUrl: addressOf('ZGODA_SMTP_URL', env('ZGODA_SMTP_URL')),
    mailFrom: senderOf(env('ZGODA_MAIL_FROM')),
    imapUrl: userNamed('ZGODA_IMAP_URL', addressOf('ZGODA_IMAP_URL', env('ZGODA_IMAP_URL'))),
    imapMailbox: env('ZGODA_IMAP_MAILBOX') ?? 'INBOX',
    trustedAuthserv: env('ZGODA_TRUSTED_AUTHSERV'),
    adminLogin: env('ZGODA_ADMIN_LOGIN'),
    adminPassword: env('ZGODA_ADMIN_PASSWORD'),
    nodes: nodesOf(env('ZGODA_NODES') ?? '1'),
    worker: env(workerSetting) ? Number(env(workerSetting)) : undefined,
    dataDir: env('ZGODA_DATA') ?? '.zgoda',
    logLevel: levelOf(env('ZGODA_LOG') ?? 'info'),
  }
}

function loadEnvFile(): void {
  if (!existsSync('.env')) return
  try {
    process.loadEnvFile('.env')
  } catch {
    throw new OperatorError(
      'the file `.env` in this folder can not be read: it holds settings, one `NAME=value` a line',
    )
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new OperatorError(`ZGODA_PORT must be a port number, 0 to 65535, and is \`${text}\``)
}

const mostNodes = 64

function nodesOf(text: string): number {
  const nodes = Number(text)
  if (/^\d+$/.test(text) && nodes >= 1 && nodes <= mostNodes) return nodes
  throw new OperatorError(
    `ZGODA_NODES must be how many worker processes to run, 1 to ${mostNodes}, and is \`${text}\`: about one for each core`,
  )
}

/** Settings that are addresses: the schemes each may have, and what one looks like. */
const addresses = {
  ZGODA_URL: { schemes: ['https', 'http'], like: 'https://office.example' },
  ZGODA_DATABASE_URL: { schemes: ['postgres', 'postgresql'], like: 'postgres://user:password@host/database' },
  ZGODA_SMTP_URL: { schemes: ['smtp', 'smtps'], like: 'smtps://user:password@mail.example' },
  ZGODA_IMAP_URL: { schemes: ['imap', 'imaps'], like: 'imaps://user:password@mail.example' },
} as const

type Address = keyof typeof addresses

function addressOf(name: Address, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const { schemes, like } = addresses[name]
  const url = parsed(text)
  if (url && schemes.some((scheme) => url.protocol === `${scheme}:`)) return text
  const starts = schemes.map((scheme) => `${scheme}://`).join(' or ')
  throw new OperatorError(
    `${name} must be an address that begins with ${starts}, such as \`${like}\`; in a user name or password, other characters than letters and digits are written as in any address (\`@\` is \`%40\`)`,
  )
}

function userNamed(name: Address, text: string | undefined): string | undefined {
  if (text === undefined || new URL(text).username) return text
  throw new OperatorError(`${name} must name a user, as in \`${addresses[name].like}\``)
}

/** Nothing where it is no address with a host, or its user name or password can not be decoded. */
function parsed(text: string): URL | undefined {
  // Postgres on a socket of this machine has no host: `postgres://user@/database`.
  const whole = text.startsWith('postgres') ? text.replace('@/', '@socket/') : text
  try {
    const url = new URL(whole)
    decodeURIComponent(`${url.username}${url.password}`)
    return url.host || url.protocol.startsWith('postgres') ? url : undefined
  } catch {
    return undefined
  }
}

function senderOf(text: string | undefined): string | undefined {
  if (text === undefined || /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(text.trim())) return text
  throw new OperatorError(
    'ZGODA_MAIL_FROM must be an e-mail address, such as `office@shop.example` or `Flower shop <office@shop.example>`',
  )
}

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']

function levelOf(text: string): string {
  if (levels.includes(text)) return text
  throw new OperatorError(`ZGODA_LOG must be one of ${levels.join(', ')}`)
}

function keyOf(key: string | undefined, file: string | undefined): string | undefined {
  if (key !== undefined || file === undefined) return key
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new OperatorError('ZGODA_MASTER_KEY_FILE names a file that can not be read')
  }
}
