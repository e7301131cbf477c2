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
  readonly dataDir: string
  readonly logLevel: string
}

/** Reads the settings from the environment and, for what that lacks, from a `.env` file in the working directory. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const env = (name: string) => process.env[name] || undefined
  return {
    host: env('ZGODA_HOST') ?? '127.0.0.1',
    port: portOf(env('ZGODA_PORT') ?? '8080'),
    url: urlOf(env('ZGODA_URL')),
    databaseUrl: env('ZGODA_DATABASE_URL'),
    masterKey: keyOf(env('ZGODA_MASTER_KEY'), env('ZGODA_MASTER_KEY_FILE')),
    smtpUrl: env('ZGODA_SMTP_URL'),
    mailFrom: env('ZGODA_MAIL_FROM'),
    imapUrl: env('ZGODA_IMAP_URL'),
    imapMailbox: env('ZGODA_IMAP_MAILBOX') ?? 'INBOX',
    trustedAuthserv: env('ZGODA_TRUSTED_AUTHSERV'),
    adminLogin: env('ZGODA_ADMIN_LOGIN'),
    adminPassword: env('ZGODA_ADMIN_PASSWORD'),
    dataDir: env('ZGODA_DATA') ?? '.zgoda',
    logLevel: env('ZGODA_LOG') ?? 'info',
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new OperatorError(`ZGODA_PORT must be a port number, 0 to 65535, and is \`${text}\``)
}

function urlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/$/, '')
  throw new OperatorError('ZGODA_URL must be an address such as `https://office.example`')
}

function keyOf(key: string | undefined, file: string | undefined): string | undefined {
  if (key !== undefined || file === undefined) return key
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new OperatorError('ZGODA_MASTER_KEY_FILE names a file that can not be read')
  }
}
