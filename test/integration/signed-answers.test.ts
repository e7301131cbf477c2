import { generateKeyPairSync } from 'node:crypto'
import { ImapFlow } from 'imapflow'
import { createTransport, type SendMailOptions } from 'nodemailer'
import DKIM from 'nodemailer/lib/dkim/index.js'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type Api, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { inStage, stageOf } from '../server.ts'
import { type NameServer, startNameServer } from './dns.ts'
import { type MailServers, startMailServers } from './mail.ts'

const office = 'privacy@flowers.example'
const password = 'a-password-for-tests'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`

interface Letter {
  readonly messageId: string
  readonly replyTo: string
}

interface Shown {
  readonly counted: boolean
  readonly because: string
  readonly class?: string
  readonly sha256: string
  readonly checks: readonly { readonly check: string; readonly result: string }[]
}

describe('answers signed by their domain, through Postfix and Dovecot', () => {
  let mail: MailServers
  let names: NameServer
  let database: TestDatabase
  let server: RunningServer
  let florist: Api
  let clients = 0

  beforeAll(async () => {
    names = await startNameServer({
      's._domainkey.client.example': record,
      's._domainkey.evil.example': record,
      's._domainkey.sub.strict.example': record,
      's._domainkey.strict.example': record,
      '_dmarc.strict.example': 'v=DMARC1; p=reject; adkim=s; aspf=s',
    })
    mail = await startMailServers()
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
        imapDoneMailbox: 'Kept',
        from: `Anna’s Flowers <${office}>`,
        resolver: names.resolve,
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
    names?.close()
  })

  async function order(domain = 'client.example') {
    const email = `client${clients++}@${domain}`
    const client = (await florist.post('/clients', { email })).body.id
    const { body } = await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'wild flowers' } })
    return { id: body.id as string, client: client as string, email, letter: await letterIn(email) }
  }

  async function inMailbox<T>(address: string, name: string, look: (client: ImapFlow) => Promise<T>): Promise<T> {
    const { username, password: word } = new URL(mail.imapUrl(address))
    const auth = { user: decodeURIComponent(username), pass: word }
    const at = { host: '127.0.0.1', port: mail.imapPort, secure: false, doSTARTTLS: false, logger: false } as const
    const client = new ImapFlow({ ...at, auth })
    client.on('error', () => undefined)
    await client.connect()
    try {
      await client.mailboxOpen(name)
      return await look(client)
    } finally {
      await client.logout()
    }
  }

  function letterIn(address: string): Promise<Letter> {
    return eventually(`a letter in the mailbox of ${address}`, () =>
      inMailbox(address, 'INBOX', async (client) => {
        const { exists = 0 } = client.mailbox || {}
        const found = exists > 0 ? await client.fetchOne('*', { source: true }) : false
        const text = found ? found.source?.toString() : undefined
        const field = (name: string) => new RegExp(`^${name}:\\s*<?([^<>\\s]+)>?`, 'im').exec(text ?? '')?.[1]
        return text ? { messageId: `<${field('Message-ID')}>`, replyTo: field('Reply-To') ?? '' } : undefined
      }),
    )
  }

  function answerTo({ email, letter }: { email: string; letter: Letter }, more: SendMailOptions = {}): SendMailOptions {
    const thread = { inReplyTo: letter.messageId, references: [letter.messageId] }
    return { from: email, to: letter.replyTo, subject: 'Re: May we ask', text: 'I agree', ...thread, ...more }
  }

  /** As the mail server of that domain signs it. */
  async function signed(message: SendMailOptions, domain: string): Promise<string> {
    const built: Buffer = await new MailComposer(message).compile().build()
    const dkim = new DKIM({ domainName: domain, keySelector: 's', privateKey: secret })
    const chunks: Buffer[] = []
    for await (const chunk of dkim.sign(built)) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).toString()
  }

  async function send(raw: string, to: string, from = 'someone@else.example'): Promise<void> {
    const transport = createTransport({ url: mail.smtpUrl, ignoreTLS: true })
    await transport.sendMail({ envelope: { from, to: [to] }, raw })
    transport.close()
  }

  function judged(id: string, count = 1): Promise<Shown[]> {
    return eventually(`${count} judged messages`, async () => {
      const { messages } = (await florist.get(`/cases/${id}/letters`)).body as { messages: Shown[] }
      const done = messages.filter(({ class: kind }) => kind !== undefined)
      return done.length >= count && done
    })
  }

  it('count, with the signature, the hash and every check in the record of the consent', async () => {
    const one = await order()
    await send(await signed(answerTo(one), 'client.example'), one.letter.replyTo)
    await inStage(florist, one.id, 'arranging')
    const [message] = await judged(one.id)
    expect(message).toMatchObject({ counted: true, because: expect.stringContaining('signature (DKIM)') })
    expect(message?.checks.every(({ result }) => result === 'holds')).toBe(true)
    const { records } = (await florist.get(`/clients/${one.client}/consents`)).body
    expect(records).toMatchObject([
      {
        by: 'client',
        evidence: { sha256: message?.sha256, words: ['I agree'], authentication: expect.stringContaining('DKIM') },
      },
    ])
    const moved = await eventually('the message in the mailbox of what is kept', () =>
      inMailbox(office, 'Kept', async (client) => client.mailbox && client.mailbox.exists > 0),
    )
    expect(moved).toBe(true)
  })

  it.each<[string, RegExp, (one: Awaited<ReturnType<typeof order>>) => Promise<string>]>([
    [
      'bears no signature',
      /bears no signature/,
      async (one) => (await new MailComposer(answerTo(one)).compile().build()).toString(),
    ],
    ['bears that of another domain', /that of another domain/, (one) => signed(answerTo(one), 'evil.example')],
    [
      'was changed after it was signed',
      /not the one that was signed/,
      async (one) =>
        (await signed(answerTo(one, { text: 'no' }), 'client.example')).replace(/\bno\b(?=\r\n*$)/, 'I agree'),
    ],
    [
      'says itself that it was checked',
      /bears no signature/,
      async (one) =>
        (
          await new MailComposer(
            answerTo(one, {
              headers: { 'Authentication-Results': `${mail.authserv}; dkim=pass header.d=client.example` },
            }),
          )
            .compile()
            .build()
        ).toString(),
    ],
    [
      'comes from somebody else who copied its thread, truly signed',
      /none of that client's addresses/,
      (one) => signed(answerTo(one, { from: 'eve@evil.example' }), 'evil.example'),
    ],
    [
      'is truly signed, but a machine’s',
      /An automatic answer/,
      (one) => signed(answerTo(one, { headers: { 'Auto-Submitted': 'auto-replied' } }), 'client.example'),
    ],
  ])('do not count where one %s', async (_, because, make) => {
    const one = await order()
    await send(await make(one), one.letter.replyTo)
    const [message] = await judged(one.id)
    expect(message).toMatchObject({ counted: false, because: expect.stringMatching(because) })
    expect(await stageOf(florist, one.id)).toBe('waiting')
  })

  it('do not count for another case than the one they were written to', async () => {
    const [first, second] = [await order(), await order()]
    const genuine = await signed(answerTo(first), 'client.example')
    await send(genuine, first.letter.replyTo)
    await inStage(florist, first.id, 'arranging')
    // The very same again, at the door of the other case: it was taken in before.
    await send(genuine, second.letter.replyTo)
    // With the other letter's thread written in: the signature covers that.
    const bent = genuine.replaceAll(first.letter.messageId, second.letter.messageId)
    await send(bent.replace(/^Message-ID:.*/im, 'Message-ID: <other@client.example>'), second.letter.replyTo)
    const [message] = await judged(second.id)
    expect(message?.counted).toBe(false)
    expect(await stageOf(florist, second.id)).toBe('waiting')
    const { items } = (await florist.get(`/cases/${first.id}/history`)).body as { items: { type: string }[] }
    expect(items.filter(({ type }) => type === 'reply')).toHaveLength(1)
  })

  it('follow the policy of a domain that asks for its very own name (DMARC)', async () => {
    const one = await order('strict.example')
    await send(await signed(answerTo(one), 'sub.strict.example'), one.letter.replyTo)
    const [message] = await judged(one.id)
    expect(message).toMatchObject({ counted: false, because: expect.stringMatching(/DMARC `reject`/) })
    await send(await signed(answerTo(one), 'strict.example'), one.letter.replyTo)
    await inStage(florist, one.id, 'arranging')
  })
})
