import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createReceiver,
  type MailboxPosition,
  type ReceivedMessage,
  type Receiver,
  type ReceiverOptions,
} from '../../../runtime/mail/receive.ts'
import { ImapServer } from './imap-server.ts'

const log = { info() {}, warn() {}, error() {}, debug() {} }

let server: ImapServer
let port: number
let receiver: Receiver
let kept: MailboxPosition | undefined
let taken: ReceivedMessage[]

function receive(more: Partial<ReceiverOptions> = {}): Receiver {
  receiver = createReceiver({
    imapUrl: `imap://office:s%20ecret@127.0.0.1:${port}`,
    cursor: {
      load: async () => kept,
      async save(position) {
        kept = position
      },
    },
    async take(message) {
      taken.push(message)
    },
    log,
    backoff: { first: 10, most: 50 },
    ...more,
  })
  receiver.start()
  return receiver
}

const texts = () => taken.map(({ raw }) => raw.toString())
const until = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 5 })

beforeEach(async () => {
  server = new ImapServer()
  port = await server.start()
  kept = undefined
  taken = []
})

afterEach(async () => {
  await receiver?.stop()
  await server.stop()
})

describe('the receiver', () => {
  it('takes what waits in the mailbox in the order of arrival, and keeps how far it got', async () => {
    const all = Array.from({ length: 130 }, (_, index) => `Subject: ${index}\r\n\r\nhi`)
    for (const raw of all) server.deliver(raw)
    receive()
    await until(() => expect(texts()).toEqual(all))
    await until(() => expect(kept).toEqual({ uidValidity: '1', uid: 130 }))
    expect(receiver.status()).toMatchObject({ state: 'listening', taken: 130, position: { uid: 130 } })
    expect(server.logins[0]).toContain('s ecret')
  })

  it('takes a message as soon as the server announces it', async () => {
    receive()
    await until(() => expect(server.idling).toBe(true))
    const started = performance.now()
    server.deliver('Subject: now\r\n\r\nhi')
    await until(() => expect(texts()).toEqual(['Subject: now\r\n\r\nhi']))
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it.each([
    ['mailbox', 'Nowhere', 'right', 'the IMAP server has no such mailbox (ZGODA_IMAP_MAILBOX)'],
    ['password', 'INBOX', 'wrong', 'the IMAP server does not accept our user name and password'],
  ])('says that its %s is wrong, and goes on trying', async (_, mailbox, password, because) => {
    const warned: string[] = []
    const imapUrl = `imap://office:${password}@127.0.0.1:${port}`
    receive({ imapUrl, mailbox, log: { ...log, warn: (fields) => void warned.push(JSON.stringify(fields)) } })
    await until(() => expect(receiver.status()).toMatchObject({ because }))
    await until(() => expect(server.refused).toBeGreaterThan(2))
    expect(warned).toHaveLength(1)
    expect(warned[0]).toContain(because)
    expect(warned[0]).not.toContain('office')
  })

  it('takes what arrives though the server announces nothing', async () => {
    server.idle = false
    receive()
    await until(() => expect(receiver.status().state).toBe('listening'))
    server.deliver('Subject: quiet\r\n\r\nhi')
    await until(() => expect(taken).toHaveLength(1))
  })

  it('goes on after the last message where it was stopped', async () => {
    server.deliver('Subject: 1\r\n\r\n')
    receive()
    await until(() => expect(kept?.uid).toBe(1))
    await receiver.stop()
    expect(receiver.status().state).toBe('stopped')
    server.deliver('Subject: 2\r\n\r\n')
    receive()
    await until(() => expect(texts()).toEqual(['Subject: 1\r\n\r\n', 'Subject: 2\r\n\r\n']))
  })

  it('comes back after a lost connection, again and again, and misses nothing', async () => {
    receive()
    for (let count = 1; count <= 5; count += 1) {
      await until(() => expect(server.idling).toBe(true))
      server.cut()
      server.deliver(`Subject: ${count}\r\n\r\n`)
      await until(() => expect(taken).toHaveLength(count))
    }
    expect(new Set(texts()).size).toBe(5)
  })

  it('waits for a server that is not there', async () => {
    await server.stop()
    receive()
    await until(() => expect(receiver.status()).toMatchObject({ because: 'the IMAP server can not be reached' }))
    server = new ImapServer()
    await server.start(port)
    server.deliver('Subject: back\r\n\r\n')
    await until(() => expect(taken).toHaveLength(1))
    await until(() => expect(receiver.status().because).toBeUndefined())
  })

  it('reads the mailbox anew where the server has numbered it anew', async () => {
    for (const name of ['a', 'b']) server.deliver(`Subject: ${name}\r\n\r\n`)
    receive()
    await until(() => expect(taken).toHaveLength(2))
    server.renumber()
    server.cut()
    await until(() =>
      expect(taken.map(({ uidValidity, uid }) => [uidValidity, uid])).toEqual([
        ['1', 1],
        ['1', 2],
        ['2', 100],
        ['2', 101],
      ]),
    )
    await until(() => expect(kept).toEqual({ uidValidity: '2', uid: 101 }))
  })

  it('stops at a message that can not be stored, tries it again, and loses none', async () => {
    for (const name of ['a', 'b', 'c']) server.deliver(`Subject: ${name}\r\n\r\n`)
    let failures = 3
    const attempts: number[] = []
    receive({
      async take(message) {
        attempts.push(message.uid)
        if (message.uid === 2 && failures-- > 0) throw new Error('the store is away')
        taken.push(message)
      },
    })
    await until(() => expect(taken.map(({ uid }) => uid)).toEqual([1, 2, 3]))
    expect(attempts).toEqual([1, 2, 2, 2, 2, 3])
  })

  it('takes many together, in their order', async () => {
    for (let index = 0; index < 130; index++) server.deliver(`Subject: ${index}\r\n\r\n`)
    const groups: number[][] = []
    receive({ takeAll: async (messages) => void groups.push(messages.map(({ uid }) => uid)) })
    await until(() => expect(kept?.uid).toBe(130))
    expect(groups.flat()).toEqual(Array.from({ length: 130 }, (_, index) => index + 1))
    expect(groups.length).toBeLessThan(10)
    expect(taken).toEqual([])
    expect(receiver.status().taken).toBe(130)
  })

  it('takes those alone that can not be stored together, up to the one at fault', async () => {
    for (let index = 0; index < 10; index++) server.deliver(`Subject: ${index}\r\n\r\n`)
    let failures = 1
    receive({
      async takeAll() {
        throw new Error('one of them is at fault')
      },
      async take(message) {
        if (message.uid === 7 && failures-- > 0) throw new Error('this one')
        taken.push(message)
      },
    })
    await until(() => expect(kept?.uid).toBe(10))
    expect(taken.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('saves no position before its message is taken', async () => {
    server.deliver('Subject: a\r\n\r\n')
    const order: string[] = []
    receive({
      async take() {
        order.push('take')
      },
      cursor: {
        load: async () => undefined,
        async save() {
          order.push('save')
        },
      },
    })
    await until(() => expect(order).toEqual(['take', 'save']))
  })

  it('passes over a message that is gone by the time it is fetched', async () => {
    for (const name of ['a', 'b', 'c']) server.deliver(`Subject: ${name}\r\n\r\n`)
    receive({
      async take(message) {
        if (message.uid === 1) server.remove(2)
        taken.push(message)
      },
    })
    await until(() => expect(kept?.uid).toBe(3))
    expect(taken.map(({ uid }) => uid)).toEqual([1, 3])
  })

  it('waits for the message being taken when it is stopped, and takes no other', async () => {
    for (const name of ['a', 'b']) server.deliver(`Subject: ${name}\r\n\r\n`)
    const gate = Promise.withResolvers<void>()
    receive({
      async take(message) {
        await gate.promise
        taken.push(message)
      },
    })
    await until(() => expect(receiver.status().position?.uid).toBe(0))
    const stopped = receiver.stop()
    gate.resolve()
    await stopped
    const count = taken.length
    expect(count).toBeLessThanOrEqual(1)
    expect(kept?.uid ?? 0).toBe(count)
  })

  it.each(['http://x', 'imap://127.0.0.1', 'nonsense'])('refuses the address `%s` at once', (imapUrl) => {
    expect(() => receive({ imapUrl })).toThrow()
  })

  it('moves what is kept to another mailbox, which it makes, and what a lost connection left behind too', async () => {
    kept = { uidValidity: '1', uid: 1 }
    server.deliver('Subject: old\r\n\r\nhi')
    server.deliver('Subject: new\r\n\r\nhi')
    receive({ doneMailbox: 'Done' })
    await until(() => expect(server.moved.map(({ mailbox }) => mailbox)).toEqual(['Done', 'Done']))
    expect(texts()).toEqual(['Subject: new\r\n\r\nhi'])
    expect(server.made).toEqual(['Done'])
    server.deliver('Subject: later\r\n\r\nhi')
    await until(() => expect(server.moved).toHaveLength(3))
    expect(server.messages).toEqual([])
  })

  it('leaves what is not kept where it is', async () => {
    server.deliver('Subject: poison\r\n\r\nhi')
    let tries = 0
    receive({
      doneMailbox: 'Done',
      async take() {
        tries += 1
        throw new Error('the store is away')
      },
    })
    await until(() => expect(tries).toBeGreaterThan(2))
    expect(server.moved).toEqual([])
    expect(server.messages).toHaveLength(1)
  })

  it('signs in with the token that a command prints, a new one at each connection', async () => {
    receive({ tokenCommand: 'echo token-$$' })
    await until(() => expect(server.idling).toBe(true))
    server.cut()
    await until(() => expect(server.logins.length).toBeGreaterThan(1))
    const tokens = server.logins.map((line) => Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString())
    expect(tokens[0]).toMatch(/user=office.*auth=Bearer token-\d+/)
    expect(new Set(tokens).size).toBeGreaterThan(1)
  })

  it.each([
    ['exit 1', /it failed/],
    ['true', /printed no token/],
  ])('says that the command `%s` gives no token, and never what it printed', async (tokenCommand, because) => {
    const warned: string[] = []
    const command = `echo secret-on-stderr >&2; ${tokenCommand}`
    receive({ tokenCommand: command, log: { ...log, warn: (fields) => void warned.push(JSON.stringify(fields)) } })
    await until(() => expect(receiver.status().because).toMatch(because))
    expect(warned.join()).not.toContain('secret')
  })
})
