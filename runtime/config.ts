import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readDatabaseAddress } from './database-address.ts'
import { OperatorError } from './operator-error.ts'
import { type Sampling, samplers } from './spans/sampler.ts'

/** What the environment settles, read once. Absent parts are undefined. */
export interface Config {
  readonly host: string
  readonly port: number
  /** The public address, without a slash at the end; where absent, what the server listens on. */
  readonly url: string | undefined
  readonly databaseUrl: string | undefined
  readonly masterKey: string | undefined
  /** The key that takes the place of the master key, for `zgoda key rotate` alone. */
  readonly newMasterKey: string | undefined
  /** Lets whoever shows it read `/metrics` from another machine. */
  readonly metricsToken: string | undefined
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  readonly dkim: DkimKey | undefined
  /** How many letters a minute go to one mail domain, of all nodes together; no limit where undefined. */
  readonly mailRate: number | undefined
  /** Connections of a node to the mail server, and so letters on their way at once. */
  readonly mailConnections: number
  /** For how long a letter that is put off is tried again. */
  readonly mailRetryDays: number
  /** What plus-addresses of the company mailbox are used for. */
  readonly mailPlus: 'replies' | 'all' | 'none'
  readonly imapUrl: string | undefined
  readonly imapMailbox: string
  /** Prints an access token (OAuth 2.0) for the mailbox, in place of a password. */
  readonly imapTokenCommand: string | undefined
  /** Where messages are moved to once they are kept. */
  readonly imapDoneMailbox: string | undefined
  /** Where the mail server of this machine hands messages in (LMTP). */
  readonly lmtpPort: number | undefined
  readonly trustedAuthserv: string | undefined
  /** Domains of servers whose ARC seal counts. */
  readonly trustedForwarders: readonly string[]
  readonly adminLogin: string | undefined
  readonly adminPassword: string | undefined
  /** The bearer of it may plan and apply, and nothing else. */
  readonly deployToken: string | undefined
  /** `host:port` of what lies inside this network and webhooks may call all the same. */
  readonly callAllow: ReadonlySet<string>
  /** The secret that a webhook of the workspace names. */
  secret(name: string): string | undefined
  /** Worker processes of `serve`. */
  readonly nodes: number
  /** Which of them this is; the process that starts them sets it. */
  readonly worker: number | undefined
  readonly dataDir: string
  /** How long what is under way may take to end once the server is asked to stop. */
  readonly stopSeconds: number
  /** Where spans of traces go; nowhere where absent. */
  readonly traces: TraceSettings | undefined
  readonly logLevel: string
}

/** Where spans go, and which, as OpenTelemetry's own settings say it. */
export interface TraceSettings extends Sampling {
  readonly url: string
  /** May hold a secret. */
  readonly headers: Readonly<Record<string, string>>
  readonly service: string
  /** Milliseconds that spans may wait for others to go with. */
  readonly delay: number
}

/** What letters are signed with (RFC 6376): the key is an RSA private key in PEM. */
export interface DkimKey {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
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
    databaseUrl: databaseOf(env('ZGODA_DATABASE_URL')),
    masterKey: env('ZGODA_MASTER_KEY') ?? fileOf('ZGODA_MASTER_KEY_FILE', env('ZGODA_MASTER_KEY_FILE')),
    newMasterKey: env('ZGODA_NEW_MASTER_KEY') ?? fileOf('ZGODA_NEW_MASTER_KEY_FILE', env('ZGODA_NEW_MASTER_KEY_FILE')),
    metricsToken: tokenOf('ZGODA_METRICS_TOKEN', env('ZGODA_METRICS_TOKEN'), 16),
    smtpUrl: addressOf('ZGODA_SMTP_URL', env('ZGODA_SMTP_URL')),
    mailFrom: senderOf(env('ZGODA_MAIL_FROM')),
    dkim: dkimOf(env('ZGODA_DKIM_DOMAIN'), env('ZGODA_DKIM_SELECTOR'), env('ZGODA_DKIM_KEY_FILE')),
    mailRate: env('ZGODA_MAIL_RATE')
      ? numberOf('ZGODA_MAIL_RATE', env('ZGODA_MAIL_RATE'), 'letters a minute', 6_000)
      : undefined,
    mailConnections: numberOf('ZGODA_MAIL_CONNECTIONS', env('ZGODA_MAIL_CONNECTIONS') ?? '4', 'connections', 100),
    mailRetryDays: numberOf('ZGODA_MAIL_RETRY_DAYS', env('ZGODA_MAIL_RETRY_DAYS') ?? '5', 'days', 30),
    mailPlus: plusOf(env('ZGODA_MAIL_PLUS') ?? 'replies'),
    imapUrl: userNamed('ZGODA_IMAP_URL', addressOf('ZGODA_IMAP_URL', env('ZGODA_IMAP_URL'))),
    imapMailbox: env('ZGODA_IMAP_MAILBOX') ?? 'INBOX',
    imapTokenCommand: env('ZGODA_IMAP_TOKEN_COMMAND'),
    imapDoneMailbox: doneMailboxOf(env('ZGODA_IMAP_DONE_MAILBOX'), env('ZGODA_IMAP_MAILBOX') ?? 'INBOX'),
    lmtpPort: env('ZGODA_LMTP_PORT') ? portOf(env('ZGODA_LMTP_PORT') ?? '', 'ZGODA_LMTP_PORT') : undefined,
    trustedAuthserv: env('ZGODA_TRUSTED_AUTHSERV'),
    trustedForwarders: domainsOf(env('ZGODA_TRUSTED_FORWARDERS')),
    adminLogin: env('ZGODA_ADMIN_LOGIN'),
    adminPassword: env('ZGODA_ADMIN_PASSWORD'),
    deployToken: tokenOf('ZGODA_DEPLOY_TOKEN', env('ZGODA_DEPLOY_TOKEN'), 24),
    callAllow: placesOf(env('ZGODA_CALL_ALLOW')),
    secret: env,
    nodes: nodesOf(env('ZGODA_NODES') ?? '1'),
    worker: env(workerSetting) ? Number(env(workerSetting)) : undefined,
    dataDir: env('ZGODA_DATA') ?? '.zgoda',
    stopSeconds: secondsOf('ZGODA_STOP_TIMEOUT', env('ZGODA_STOP_TIMEOUT') ?? '20'),
    traces: tracesOf(env),
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

function portOf(text: string, setting = 'ZGODA_PORT'): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new OperatorError(`${setting} must be a port number, 0 to 65535, and is \`${text}\``)
}

function doneMailboxOf(text: string | undefined, mailbox: string): string | undefined {
  if (text === undefined || text.toLowerCase() !== mailbox.toLowerCase()) return text
  throw new OperatorError(
    'ZGODA_IMAP_DONE_MAILBOX must be another mailbox than the one that is read: messages are moved there once they are kept',
  )
}

function domainsOf(text = ''): readonly string[] {
  const domains = text.split(',').flatMap((domain) => domain.trim().toLowerCase() || [])
  if (domains.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain))) return domains
  throw new OperatorError('ZGODA_TRUSTED_FORWARDERS must list domains, such as `forwarder.example, lists.example`')
}

function secondsOf(setting: string, text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= 3_600) return seconds
  throw new OperatorError(`${setting} must be a number of seconds, 1 to 3600, and is \`${text}\``)
}

function numberOf(setting: string, text = '', of: string, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number
  throw new OperatorError(`${setting} must be a number of ${of}, 1 to ${most}, and is \`${text}\``)
}

const plusUses = ['replies', 'all', 'none'] as const

function plusOf(text: string): (typeof plusUses)[number] {
  const found = plusUses.find((one) => one === text)
  if (found) return found
  throw new OperatorError(
    `ZGODA_MAIL_PLUS must be \`replies\` (answers come to plus-addresses of the mailbox), \`all\` (bounces too) or \`none\` (the mailbox has none), and is \`${text}\``,
  )
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

/** It may name several servers, the one that takes writes to be found among them. */
function databaseOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const { servers, wanted } = readDatabaseAddress(text)
  for (const server of servers) addressOf('ZGODA_DATABASE_URL', server)
  if (wanted === undefined || wanted === 'read-write' || wanted === 'primary') return text
  throw new OperatorError(
    'ZGODA_DATABASE_URL must have `target_session_attrs=read-write` or none: Zgoda works on the server that takes writes',
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

function tracesOf(env: (name: string) => string | undefined): TraceSettings | undefined {
  const base = collectorOf('OTEL_EXPORTER_OTLP_ENDPOINT', env('OTEL_EXPORTER_OTLP_ENDPOINT'))
  const exact = collectorOf('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', env('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'))
  const url = exact ?? (base && `${base.replace(/\/$/, '')}/v1/traces`)
  if (!url) return undefined
  return {
    url,
    headers: headersOf(env('OTEL_EXPORTER_OTLP_HEADERS')),
    service: env('OTEL_SERVICE_NAME') ?? 'zgoda',
    delay: millisecondsOf('OTEL_BSP_SCHEDULE_DELAY', env('OTEL_BSP_SCHEDULE_DELAY') ?? '5000'),
    ...samplingOf(env('OTEL_TRACES_SAMPLER'), env('OTEL_TRACES_SAMPLER_ARG')),
  }
}

function collectorOf(setting: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password) return text
  throw new OperatorError(
    `${setting} must be where a collector takes OTLP over HTTP, such as \`http://collector:4318\`, with no user name in it: OTEL_EXPORTER_OTLP_HEADERS is for secrets`,
  )
}

/** `name=value` with commas between, values encoded as in an address (OpenTelemetry, “Protocol Exporter”). */
function headersOf(text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => pair.trim() || [])
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*)$/.exec(pair) ?? []
      const decoded = decodedOf(value)
      if (name && decoded !== undefined && /^[\x20-\x7e]*$/.test(decoded)) return [name.toLowerCase(), decoded]
      throw new OperatorError(
        'OTEL_EXPORTER_OTLP_HEADERS must be headers such as `api-key=secret,x-tenant=office`; other characters in a value are written as in any address (a comma is `%2C`)',
      )
    }),
  )
}

function decodedOf(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function samplingOf(name = 'parentbased_always_on', share = '1'): Sampling {
  const sampler = samplers.find((one) => one === name)
  if (!sampler) throw new OperatorError(`OTEL_TRACES_SAMPLER must be one of ${samplers.join(', ')}`)
  const ratio = Number(share)
  if (share.trim() !== '' && ratio >= 0 && ratio <= 1) return { sampler, ratio }
  throw new OperatorError('OTEL_TRACES_SAMPLER_ARG must be the share of traces that are kept, 0 to 1')
}

function millisecondsOf(setting: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new OperatorError(`${setting} must be a number of milliseconds, 0 to 999999`)
}

/** Each as the address of a webhook has it: in small letters, an IPv6 in brackets. */
function placesOf(text = ''): ReadonlySet<string> {
  const places = text.split(',').flatMap((place) => place.trim() || [])
  const unsound = places.some(
    (place) => !/^([^\s:/@?#[\]]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(place) || !URL.canParse(`http://${place}`),
  )
  if (unsound)
    throw new OperatorError(
      'ZGODA_CALL_ALLOW must list hosts with their ports, such as `127.0.0.1:9000, erp.internal:443`',
    )
  return new Set(places.map((place) => `${new URL(`http://${place}`).hostname}:${Number(place.split(':').at(-1))}`))
}

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']

function levelOf(text: string): string {
  if (levels.includes(text)) return text
  throw new OperatorError(`ZGODA_LOG must be one of ${levels.join(', ')}`)
}

function tokenOf(setting: string, text: string | undefined, shortest: number): string | undefined {
  if (text === undefined || new RegExp(`^[\\w.~+/-]{${shortest},200}=*$`).test(text)) return text
  throw new OperatorError(
    `${setting} must have ${shortest} to 200 letters, digits or \`-._~+/\`: \`openssl rand -hex 32\` makes one`,
  )
}

function fileOf(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new OperatorError(`${setting} names a file that can not be read`)
  }
}

function dkimOf(
  domain: string | undefined,
  selector: string | undefined,
  keyFile: string | undefined,
): DkimKey | undefined {
  if (!domain && !selector && !keyFile) return undefined
  if (!domain || !selector || !keyFile) {
    throw new OperatorError(
      'ZGODA_DKIM_DOMAIN, ZGODA_DKIM_SELECTOR and ZGODA_DKIM_KEY_FILE are set together or not at all',
    )
  }
  const label = /^[a-z0-9_]([a-z0-9._-]{0,250}[a-z0-9])?$/i
  if (!label.test(domain)) throw new OperatorError('ZGODA_DKIM_DOMAIN must be a domain, such as `shop.example`')
  if (!label.test(selector)) throw new OperatorError('ZGODA_DKIM_SELECTOR must be a name in the DNS, such as `zgoda`')
  const privateKey = fileOf('ZGODA_DKIM_KEY_FILE', keyFile) ?? ''
  if (!isRsa(privateKey)) {
    throw new OperatorError(
      'ZGODA_DKIM_KEY_FILE must hold an RSA private key in PEM; `openssl genrsa -out dkim.pem 2048` makes one',
    )
  }
  return { domain, selector, privateKey }
}

function isRsa(privateKey: string): boolean {
  try {
    return createPrivateKey(privateKey).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

/** The files that hold settings which are secret, as far as they are named. */
export function secretFiles(): readonly string[] {
  const named = ['ZGODA_MASTER_KEY_FILE', 'ZGODA_NEW_MASTER_KEY_FILE', 'ZGODA_DKIM_KEY_FILE']
  return ['.env', ...named.flatMap((name) => process.env[name] || [])]
}

/** Whether the environment holds a value under a name that a workspace gives, such as the secret of a webhook. */
export function isSet(name: string): boolean {
  return Boolean(process.env[name])
}
