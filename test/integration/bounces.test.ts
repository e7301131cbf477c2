import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type Api, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { type MailServers, startMailServers } from './mail.ts'

const office = 'privacy@flowers.example'
const password = 'a-password-for-tests'
const unknown = 'nobody@here.example'

describe('letters that Postfix can not deliver', () => {
  let far: SMTPServer
  let mail: MailServers
  let database: TestDatabase
  let server: RunningServer
  let florist: Api

  beforeAll(async () => {
    far = await farServer()
    const port = (far.server.address() as AddressInfo).port
    mail = await startMailServers({
      nextHops: { 'far.example': port },
      refuse: { [unknown]: '550 5.1.1 no such user' },
    })
    database = await testDatabase()
    const { definition } = await checkFolder('examples/florist/text')
    if (!definition) throw new Error('the flower shop has mistakes')
    server = await startServer({
      definition,
      databaseUrl: database.url,
      masterKey: 'e'.repeat(64),
      host: '127.0.0.1',
      port: 0,
      mail: {
        smtpUrl: mail.smtpUrl,
        imapUrl: mail.imapUrl(office),
        imapMailbox: 'INBOX',
        from: `Anna’s Flowers <${office}>`,
        trustedAuthserv: mail.authserv,
        plus: 'all',
      },
      admin: { login: 'admin', password },
      clock: systemClock,
      log: createLog('silent'),
    })
    florist = await signIn(server.url, 'admin', password)
  })
  afterAll(async () => {
    await server?.stop()
    await database?.close()
    await mail?.stop()
    far?.close(() => undefined)
  })

  async function order(email: string): Promise<{ client: string; letter(): Promise<Record<string, unknown>> }> {
    const client = (await florist.post('/clients', { email })).body.id
    const { id } = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })).body
    return { client, letter: async () => (await florist.get(`/cases/${id}/letters`)).body.letters[0] }
  }

  const cardOf = async (client: string) => (await florist.get(`/clients/${client}`)).body

  it('come back by a report of its own, and their address gets no more', async () => {
    const { client, letter } = await order('gone@far.example')
    const back = await eventually('the report', async () => {
      const one = await letter()
      return one.status === 'bounced' && one
    })
    expect(back).toMatchObject({ code: '5.1.1', because: 'it came back: the address does not exist (5.1.1)' })
    expect((await cardOf(client)).undelivered).toMatchObject([
      { onCard: true, code: '5.1.1', since: expect.any(String) },
    ])
    const again = await order('gone@far.example')
    expect((await cardOf(again.client)).undelivered, 'another client’s card knows nothing of it').toEqual([])
  })

  it('are still on their way while the next server puts them off', async () => {
    const { client, letter } = await order('slow@far.example')
    const late = await eventually('the warning', async () => {
      const one = await letter()
      return one.code !== undefined && one
    })
    expect(late).toMatchObject({ status: 'sent', because: expect.stringMatching(/^it has not arrived yet: /) })
    expect((await cardOf(client)).undelivered).toEqual([])
  })

  it('fail at once where it says that there is no such user', async () => {
    const { client, letter } = await order(unknown)
    const failed = await eventually('the refusal', async () => {
      const one = await letter()
      return one.status === 'failed' && one
    })
    expect(failed.because).toContain('5.1.1')
    expect((await cardOf(client)).undelivered).toMatchObject([{ code: '5.1.1', since: expect.any(String) }])
  })
})

/** Another mail server of the world: knows no `gone`, and puts `slow` off for ever. */
async function farServer(): Promise<SMTPServer> {
  const refuse = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('gone')) return done(refuse(550, '5.1.1 gone user unknown'))
      if (address.startsWith('slow')) return done(refuse(451, '4.7.1 come back later'))
      done()
    },
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => done())
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
