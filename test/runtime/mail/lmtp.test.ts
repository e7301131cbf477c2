import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { delivered, type LmtpServer, startLmtp } from '../../../runtime/mail/lmtp.ts'

const log = { info() {}, warn() {}, error() {}, debug() {} }

let server: LmtpServer
let taken: string[]
let failing: boolean

beforeEach(async () => {
  taken = []
  failing = false
  server = await startLmtp({
    port: 0,
    log,
    async take(raw) {
      if (failing) throw new Error('the store is away')
      taken.push(raw.toString('latin1'))
    },
  })
})
afterEach(() => server.stop())

async function handIn(raw: string, to: readonly string[] = ['office@shop.example'], from = 'anna@mail.example') {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, lmtp: true, ignoreTLS: true })
  try {
    return await transport.sendMail({ envelope: { from, to: [...to] }, raw })
  } finally {
    transport.close()
  }
}

it('keeps a message before it says so, with the envelope on top', async () => {
  await handIn('From: anna@mail.example\r\nReturn-Path: <made@up.example>\r\nSubject: hi\r\n\r\nI agree\r\n')
  expect(taken).toEqual([
    'Return-Path: <anna@mail.example>\r\nDelivered-To: office@shop.example\r\nFrom: anna@mail.example\r\nSubject: hi\r\n\r\nI agree\r\n',
  ])
})

it('lets the mail server keep what could not be stored', async () => {
  failing = true
  expect((await handIn('Subject: hi\r\n\r\nhi\r\n')).response).toMatch(/^451 /)
  failing = false
  await handIn('Subject: hi\r\n\r\nhi\r\n')
  expect(taken).toHaveLength(1)
})

it('refuses what is larger than it can read', async () => {
  const big = `Subject: big\r\n\r\n${`${'y'.repeat(998)}\r\n`.repeat(26_300)}`
  expect((await handIn(big)).response).toMatch(/^552 /)
  expect(taken).toEqual([])
})

it('takes one message for many receivers once, and no more than a hundred of them', async () => {
  const many = Array.from({ length: 140 }, (_, at) => `office+${at}@shop.example`)
  const sent = await handIn('Subject: many\r\n\r\nhi\r\n', many)
  expect(sent.rejected).toHaveLength(40)
  expect(taken).toHaveLength(1)
})

it('lets no envelope write a header', () => {
  const raw = delivered(Buffer.from('Subject: hi\r\n\r\nhi'), 'a\r\nAuthentication-Results: x@y.example', ['<b>\n@c'])
  expect(raw.toString().split('\r\n')).toEqual([
    'Return-Path: <aAuthentication-Results:x@y.example>',
    'Delivered-To: b@c',
    'Subject: hi',
    '',
    'hi',
  ])
})
