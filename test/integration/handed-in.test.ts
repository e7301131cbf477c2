import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type Api, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { freePort } from '../free-port.ts'
import { type MailServers, startMailServers } from './mail.ts'

const office = 'privacy@flowers.example'
const password = 'a-password-for-tests'

let mail: MailServers
let database: TestDatabase
let server: RunningServer | undefined
let florist: Api
let lmtpPort: number

async function start(): Promise<void> {
  const { definition } = await checkFolder('examples/florist/text')
  if (!definition) throw new Error('the flower shop has mistakes')
  server = await startServer({
    definition,
    databaseUrl: database.url,
    masterKey: 'e'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    mail: { smtpUrl: mail.smtpUrl, imapMailbox: 'INBOX', lmtpPort, from: office, trustedAuthserv: mail.authserv },
    admin: { login: 'admin', password },
    clock: systemClock,
    log: createLog('silent'),
  })
  florist = await signIn(server.url, 'admin', password)
}

beforeAll(async () => {
  lmtpPort = await freePort()
  mail = await startMailServers({ vouchFor: ['anna@client.example'], handIn: { address: office, port: lmtpPort } })
  database = await testDatabase()
  await start()
})
afterAll(async () => {
  await server?.stop()
  await database?.close()
  await mail?.stop()
})

async function write(subject: string): Promise<void> {
  const transport = createTransport({ url: mail.smtpUrl, ignoreTLS: true })
  await transport.sendMail({ from: 'anna@client.example', to: office, subject, text: 'Do you sell ferns?' })
  transport.close()
}

function inbox(subject: string): Promise<true> {
  return eventually(
    `the letter “${subject}” in the inbox`,
    async () => {
      const { items } = (await florist.get('/messages')).body as { items: { content?: { subject: string } }[] }
      return items.filter(({ content }) => content?.subject === subject).length === 1
    },
    60,
  )
}

it('takes what Postfix hands in by LMTP, and what waited in its queue while the server was away', async () => {
  await write('while it runs')
  await inbox('while it runs')
  await server?.stop()
  server = undefined
  await write('while it is away')
  await start()
  await inbox('while it is away')
})
