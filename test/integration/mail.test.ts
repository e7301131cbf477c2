import { ImapFlow } from 'imapflow'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailServers, startMailServers } from './mail.ts'

const office = 'office@shop.example'
const anna = 'anna@mail.example'

describe('Postfix and Dovecot', () => {
  let servers: MailServers

  beforeAll(async () => {
    servers = await startMailServers({ vouchFor: [anna] })
  })

  afterAll(() => servers.stop())

  const send = async (mail: SendMailOptions) => {
    const transport = createTransport({ url: servers.smtpUrl, ignoreTLS: true })
    await transport.sendMail(mail)
    transport.close()
  }

  const open = async () => {
    const { port, username, password } = new URL(servers.imapUrl(office))
    const auth = { user: decodeURIComponent(username), pass: password }
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: Number(port),
      secure: false,
      doSTARTTLS: false,
      auth,
      logger: false,
    })
    client.on('error', () => undefined)
    await client.connect()
    await client.mailboxOpen('INBOX')
    return client
  }

  /** Sends it and gives what a client waiting in IDLE then finds. */
  const arrive = async (mail: SendMailOptions): Promise<string> => {
    const client = await open()
    try {
      const told = new Promise((resolve) => client.once('exists', resolve))
      const idling = client.idle()
      await send(mail)
      await told
      const letter = await client.fetchOne('*', { source: true })
      await idling
      return letter ? (letter.source?.toString() ?? '') : ''
    } finally {
      await client.logout()
    }
  }

  it('carry a letter to a plus-address into the base mailbox, while a client waits', async () => {
    const source = await arrive({
      from: anna,
      to: 'office+case.1.mac@shop.example',
      subject: 'Re: order',
      text: 'I agree',
    })
    expect(source).toContain('Subject: Re: order')
    expect(source).toContain('To: office+case.1.mac@shop.example')
  })

  it('vouch for whom they checked, and take every other claim off', async () => {
    const claim = `${servers.authserv}; spf=pass smtp.mailfrom=eve@else.example`
    const headers = { 'Authentication-Results': claim }
    const genuine = await arrive({ from: anna, to: office, text: 'I agree', headers })
    expect(genuine.match(/^Authentication-Results:.*/gim)).toEqual([
      expect.stringContaining(`${servers.authserv}; spf=pass smtp.mailfrom=${anna}`),
    ])
    const forged = await arrive({ from: 'eve@else.example', to: office, text: 'I agree', headers })
    expect(forged).not.toMatch(/^Authentication-Results:/im)
  })

  it('keep what they hold when IMAP starts again', async () => {
    const before = await open()
    const held = before.mailbox ? before.mailbox.exists : 0
    const lost = new Promise((resolve) => before.once('close', resolve))
    await servers.restartImap()
    await lost
    const after = await open()
    expect(held).toBeGreaterThan(0)
    expect(after.mailbox).toMatchObject({ exists: held })
    await after.logout()
  })
})
