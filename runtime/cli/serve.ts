import { systemClock } from '../clock.ts'
import { ConfigError, readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { startServer } from '../main.ts'
import { untilAsked } from './signals.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda serve [DIR]

Runs the server on the workspace in DIR (default: this folder) with your own Postgres and mail servers.
Settings come from the environment or a .env file:
  ZGODA_DATABASE_URL, ZGODA_MASTER_KEY or ZGODA_MASTER_KEY_FILE   needed
  ZGODA_SMTP_URL, ZGODA_MAIL_FROM, ZGODA_IMAP_URL                 needed to write to clients and hear from them
  ZGODA_HOST, ZGODA_PORT, ZGODA_URL, ZGODA_ADMIN_LOGIN, ZGODA_ADMIN_PASSWORD`

export async function run(args: readonly string[]): Promise<number> {
  const definition = await readDefinition(args[0] ?? '.')
  if (!definition) return 1
  const config = readConfig()
  const log = createLog(config.logLevel)
  const {
    databaseUrl,
    masterKey,
    mailFrom,
    smtpUrl,
    imapUrl,
    imapMailbox,
    trustedAuthserv,
    adminLogin,
    adminPassword,
  } = config
  if (!databaseUrl)
    throw new ConfigError(
      'ZGODA_DATABASE_URL is not set: it names the Postgres to use; to try Zgoda without one, run `zgoda demo`',
    )
  if (!masterKey)
    throw new ConfigError(
      'ZGODA_MASTER_KEY is not set: 32 bytes that wrap the clients’ keys; `openssl rand -hex 32` makes one. Keep it apart from the database',
    )
  const from = mailFrom ?? definition.company?.email
  if ((smtpUrl || imapUrl) && !from)
    throw new ConfigError('ZGODA_MAIL_FROM is not set: the address that letters come from and answers go to')
  const server = await startServer({
    definition,
    databaseUrl,
    masterKey,
    host: config.host,
    port: config.port,
    ...(config.url ? { url: config.url } : {}),
    ...(from
      ? {
          mail: {
            from,
            imapMailbox,
            ...(smtpUrl ? { smtpUrl } : {}),
            ...(imapUrl ? { imapUrl } : {}),
            ...(trustedAuthserv ? { trustedAuthserv } : {}),
          },
        }
      : {}),
    admin: { ...(adminLogin ? { login: adminLogin } : {}), ...(adminPassword ? { password: adminPassword } : {}) },
    clock: systemClock,
    log,
  })
  process.stdout.write(`Zgoda is running at ${server.url}\n`)
  if (server.admin && !adminPassword) {
    process.stdout.write(
      `The first person: login \`${server.admin.login}\`, password \`${server.admin.password}\` (shown this once)\n`,
    )
  }
  await untilAsked()
  await server.stop()
  return 0
}
