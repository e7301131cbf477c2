import type { Definition } from '../../engine/definition.ts'
import type { ServerOptions } from '../assembly/options.ts'
import { type Config, readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { startServer } from '../main.ts'
import { needed } from './needed.ts'
import { serverOptions } from './server-options.ts'
import { endInTime, untilAsked } from './signals.ts'
import { readArguments } from './usage.ts'
import { leavePrimary, type RunningWorker, runWorkers, tellPrimary } from './workers.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda serve [DIR] [--apply]

Runs the server on the workspace in DIR (default: this folder) with your own Postgres and mail servers.
What runs is what was applied last: where the folder says something else, \`zgoda plan\` shows it, and \`zgoda apply\` or
\`--apply\` makes it run. On an empty database the folder runs at once.
Settings come from the environment or a .env file:
  ZGODA_DATABASE_URL, ZGODA_MASTER_KEY or ZGODA_MASTER_KEY_FILE   needed
  ZGODA_SMTP_URL, ZGODA_MAIL_FROM, ZGODA_IMAP_URL                 needed to write to clients and hear from them
  ZGODA_DKIM_DOMAIN, ZGODA_DKIM_SELECTOR, ZGODA_DKIM_KEY_FILE     sign letters here; not needed where the mail server does
  ZGODA_MAIL_RATE          letters a minute to one mail domain (default: no limit); ZGODA_MAIL_CONNECTIONS to the mail server
                           (4), ZGODA_MAIL_RETRY_DAYS (5), ZGODA_MAIL_PLUS=replies|all|none: docs/letters.md
  ZGODA_TRUSTED_AUTHSERV   the mail server whose Authentication-Results count; it must take off forged ones of its own
                           name (RFC 8601, section 5). Without it, DKIM and SPF are checked here
  ZGODA_IMAP_TOKEN_COMMAND, ZGODA_IMAP_DONE_MAILBOX, ZGODA_LMTP_PORT, ZGODA_TRUSTED_FORWARDERS   see docs/operations.md
  ZGODA_DEPLOY_TOKEN       whoever bears it may plan and apply
  ZGODA_CALL_ALLOW         what webhooks may call inside this network, as host:port with commas between
  OTEL_EXPORTER_OTLP_ENDPOINT   where traces go, by OTLP over HTTP
  ZGODA_NODES              worker processes that share the port and the work, about one for each core (default: 1)
  ZGODA_HOST, ZGODA_PORT, ZGODA_URL, ZGODA_ADMIN_LOGIN, ZGODA_ADMIN_PASSWORD
\`zgoda doctor\` checks them; docs/operations.md tells all.`

export async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = readArguments(args, { apply: { type: 'boolean' } }, 1)
  const config = readConfig()
  if (config.nodes > 1 && config.worker === undefined) return runWorkers(config, args, greet)
  try {
    return await serve(config, positionals[0] ?? '.', values.apply ?? false)
  } finally {
    leavePrimary()
  }
}

async function serve(config: Config, folder: string, applyAtStart: boolean): Promise<number> {
  const definition = await readDefinition(folder)
  if (!definition) return 1
  const mail = mailOf(config, definition)
  const log = createLog(config.logLevel, config.worker)
  const server = await startServer({
    ...serverOptions(config),
    definition,
    applyAtStart,
    databaseUrl: needed(
      config.databaseUrl,
      'ZGODA_DATABASE_URL',
      'the Postgres to use; to try Zgoda without one, run `zgoda demo`',
    ),
    masterKey: needed(
      config.masterKey,
      'ZGODA_MASTER_KEY',
      '32 bytes that wrap the clients’ keys; `openssl rand -hex 32` makes one. Keep it apart from the database',
    ),
    ...(mail ? { mail } : {}),
    log,
  })
  // Before a word of it is out: whoever reads it may ask at once.
  const asked = untilAsked()
  const running = { url: server.url, port: server.port, ...(config.adminPassword ? {} : { admin: server.admin }) }
  if (config.worker === undefined) greet(running)
  else tellPrimary(running)
  await asked
  await endInTime(() => server.stop(), config.stopSeconds, log)
  return 0
}

function greet({ url, admin }: RunningWorker): void {
  process.stdout.write(`Zgoda is running at ${url}\n`)
  if (!admin) return
  const { login, password } = admin
  process.stdout.write(`The first person: login \`${login}\`, password \`${password}\` (shown this once)\n`)
}

function mailOf(config: Config, definition: Definition): ServerOptions['mail'] {
  const { smtpUrl, imapUrl, imapMailbox, imapTokenCommand, imapDoneMailbox, lmtpPort, trustedAuthserv, dkim } = config
  if (!smtpUrl && !imapUrl && lmtpPort === undefined) return undefined
  const from = config.mailFrom ?? definition.company?.email
  return {
    from: needed(from, 'ZGODA_MAIL_FROM', 'the address that letters come from and answers go to'),
    imapMailbox,
    ...(smtpUrl ? { smtpUrl } : {}),
    ...(imapUrl ? { imapUrl } : {}),
    ...(imapTokenCommand ? { imapTokenCommand } : {}),
    ...(imapDoneMailbox ? { imapDoneMailbox } : {}),
    ...(lmtpPort === undefined ? {} : { lmtpPort }),
    trustedForwarders: config.trustedForwarders,
    ...(trustedAuthserv ? { trustedAuthserv } : {}),
    ...(dkim ? { dkim } : {}),
    ...(config.mailRate ? { rate: config.mailRate } : {}),
    connections: config.mailConnections,
    keepTrying: config.mailRetryDays * 24 * 60 * 60_000,
    plus: config.mailPlus,
  }
}
