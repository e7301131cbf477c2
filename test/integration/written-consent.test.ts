import { ImapFlow } from 'imapflow'
import { type Attachment, simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type Api, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { inStage, stageOf } from '../server.ts'
import { type MailServers, startMailServers } from './mail.ts'

const office = 'privacy@flowers.example'
const password = 'a-password-for-tests'
const addresses = ['anna', 'beata', 'cezary', 'daria'].map((name) => `${name}@client.example`)
const [anna = '', beata = '', cezary = '', daria = ''] = addresses
const stranger = 'stranger@client.example'

interface Letter {
  readonly messageId: string
  readonly replyTo: string
  readonly text: string
  readonly attachments: readonly Attachment[]
}

describe('written consent through Postfix and Dovecot', () => {
  let mail: MailServers
  let database: TestDatabase
  let server: RunningServer
  let florist: Api

  beforeAll(async () => {
    mail = await startMailServers({ vouchFor: [anna, beata, daria] })
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
  })

  async function order(email: string): Promise<{ id: string; letter: Letter }> {
    const client = (await florist.post('/clients', { email })).body.id
    const { body } = await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'wild flowers' } })
    return { id: body.id, letter: await letterIn(email) }
  }

  async function letterIn(address: string): Promise<Letter> {
    const { username, password: secret } = new URL(mail.imapUrl(address))
    const auth = { user: decodeURIComponent(username), pass: secret }
    return eventually(`a letter in the mailbox of ${address}`, async () => {
      const client = new ImapFlow({
        host: '127.0.0.1',
        port: mail.imapPort,
        secure: false,
        doSTARTTLS: false,
        auth,
        logger: false,
      })
      client.on('error', () => undefined)
      await client.connect()
      try {
        const { exists } = await client.mailboxOpen('INBOX')
        const found = exists > 0 ? await client.fetchOne('*', { source: true }) : false
        const source = found ? found.source : undefined
        if (!source) return undefined
        const parsed = await simpleParser(source)
        return {
          messageId: parsed.messageId ?? '',
          replyTo: parsed.replyTo?.value[0]?.address ?? '',
          text: parsed.text ?? '',
          attachments: parsed.attachments,
        }
      } finally {
        await client.logout()
      }
    })
  }

  async function reply(
    letter: Letter,
    from: string,
    text: string,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const transport = createTransport({ url: mail.smtpUrl, ignoreTLS: true })
    await transport.sendMail({
      from,
      to: letter.replyTo,
      subject: 'Re: May we ask',
      text,
      inReplyTo: letter.messageId,
      headers,
    })
    transport.close()
  }

  /** The reasons of so many judged messages of a case. */
  function reasonsOf(id: string, count: number): Promise<string[]> {
    return eventually(`${count} judged messages`, async () => {
      const { messages } = (await florist.get(`/cases/${id}/letters`)).body as { messages: { because: string }[] }
      const judged = messages.filter(({ because }) => because !== 'it is being read')
      return judged.length >= count && judged.map(({ because }) => because)
    })
  }

  it('carries the letter with the agreement as a PDF, and the client’s answer back', async () => {
    const { id, letter } = await order(anna)
    expect(letter.text).toContain('wild flowers')
    expect(letter.replyTo).toMatch(/^privacy\+[a-z2-7]{26}\.\d+\.[a-z2-7]{16}@flowers\.example$/)
    const [agreement] = letter.attachments
    expect(agreement).toMatchObject({ filename: 'agreement.pdf', contentType: 'application/pdf' })
    expect(agreement?.content.subarray(0, 5).toString()).toBe('%PDF-')
    await reply(letter, anna, `I agree\n\nOn Monday, ${office} wrote:\n> May we ask about allergies?\n`)
    await inStage(florist, id, 'arranging')
  })

  it('does not count an answer whose sender the mail server could not prove, nor a claim of proof it brought itself', async () => {
    const { id, letter } = await order(cezary)
    await reply(letter, cezary, 'I agree')
    await reply(letter, cezary, 'I agree', {
      'Authentication-Results': `${mail.authserv}; spf=pass smtp.mailfrom=client.example`,
    })
    const reasons = await reasonsOf(id, 2)
    expect(reasons).toHaveLength(2)
    expect(await stageOf(florist, id)).toBe('waiting')
  })

  it('does not count somebody else’s answer, nor one to another case’s letter', async () => {
    const { id, letter } = await order(beata)
    await reply(letter, stranger, 'I agree')
    await reply(letter, anna, 'I agree')
    await reasonsOf(id, 2)
    expect(await stageOf(florist, id)).toBe('waiting')
    await reply(letter, beata, 'no')
    await inStage(florist, id, 'arranging')
  })

  it('takes what came while the IMAP server was away, once', async () => {
    const { id, letter } = await order(daria)
    await mail.restartImap()
    await reply(letter, daria, 'I agree')
    await inStage(florist, id, 'arranging')
    const { body } = await florist.get(`/cases/${id}/history`)
    expect(body.items.filter(({ type }: { type: string }) => type === 'reply')).toHaveLength(1)
  })

  it('keeps a letter that answers nothing, and shows it in the inbox', async () => {
    const transport = createTransport({ url: mail.smtpUrl, ignoreTLS: true })
    await transport.sendMail({ from: anna, to: office, subject: 'A question', text: 'Do you sell ferns?' })
    transport.close()
    const shown = await eventually('the letter in the inbox', async () => {
      const { items } = (await florist.get('/messages')).body as {
        items: { content?: { subject: string; text: string } }[]
      }
      return items.find(({ content }) => content?.subject === 'A question')
    })
    expect(shown.content?.text).toContain('ferns')
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query('select status from messages where case_id is null')
    await client.end()
    expect(rows).toEqual([{ status: expect.stringMatching(/new|kept/) }])
  })
})
