import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOutside } from '../../../runtime/webhooks/outside.ts'
import { CallFailure, type Post, post } from '../../../runtime/webhooks/post.ts'
import { type Receiver, silence, startReceiver, status } from './receiver.ts'

let inside: Receiver
beforeAll(async () => {
  inside = await startReceiver()
})
afterAll(() => inside?.stop())

function call(url: string, more: Partial<Post> = {}) {
  return post({ url, headers: {}, body: '{}', allow: new Set(), patience: 5_000, ...more })
}

async function refused(url: string, more: Partial<Post> = {}): Promise<CallFailure> {
  const failure = await call(url, more).catch((error: unknown) => error)
  if (failure instanceof CallFailure) return failure
  throw new Error(`${url} was called: ${JSON.stringify(failure)}`)
}

describe('what is called', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '0.0.0.0',
    '0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:a00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[fc00::1]',
    '[ff02::1]',
    'localhost',
    'LOCALHOST',
    '１２７.0.0.1',
    '127。0。0。1',
  ])('never lies inside: https://%s/', async (host) => {
    const failure = await refused(`https://${host}/`)
    expect(failure.message).toMatch(/lies inside this network: allow `.+:443` in ZGODA_CALL_ALLOW/)
    expect(failure.final).toBe(true)
  })

  it.each([
    ['http://parcels.example/', /plain http/],
    ['ftp://parcels.example/', /no web address/],
    ['file:///etc/passwd', /no web address/],
    ['javascript:alert(1)', /no web address/],
    ['parcels.example', /no web address/],
    ['https://name:hidden@parcels.example/', /user name or password/],
    ['https://hidden@127.0.0.1/', /user name or password/],
  ])('is refused: %s', async (url, why) => {
    const failure = await refused(url)
    expect(failure.message).toMatch(why)
    expect(failure.message).not.toContain('hidden')
    expect(failure.final).toBe(true)
  })

  it('is looked up at once with the connection, so that a name may not lead inside either', async () => {
    const { port } = new URL(inside.url)
    const before = inside.received.length
    const failure = await refused(`https://localhost:${port}/`)
    expect(failure.message).toMatch(/lies inside/)
    expect(inside.received).toHaveLength(before)
  })

  it('may lie inside where its host and port are allowed, and there alone', async () => {
    expect((await call(inside.url, { allow: new Set([inside.place]) })).status).toBe(200)
    const other = new Set(['127.0.0.1:1'])
    expect((await refused(inside.url, { allow: other })).message).toMatch(/plain http/)
    const allowed = new Set([inside.place])
    expect((await refused(`http://user@${inside.place}/`, { allow: allowed })).message).toMatch(/user name/)
  })
})

describe('a call', () => {
  const calling = (patience = 5_000) => call(inside.url, { allow: new Set([inside.place]), patience })

  it('follows no redirect', async () => {
    const before = inside.received.length
    inside.next(status(302, { location: inside.url }))
    expect((await calling()).status).toBe(302)
    expect(inside.received).toHaveLength(before + 1)
  })

  it('waits for a silent receiver no longer than it may', async () => {
    inside.next(silence)
    const failure = await calling(200).catch((error: CallFailure) => error)
    expect(failure).toMatchObject({ message: 'did not answer within 0.2 seconds', final: false })
  })

  it('is taken when its status has come, whatever follows: an endless answer, or one that stops short', async () => {
    inside.next((response) => {
      response.writeHead(200)
      const pour = () => {
        if (response.writable) response.write(Buffer.alloc(64 * 1024), pour)
      }
      pour()
    })
    expect((await calling()).status).toBe(200)
    inside.next((response) => void response.writeHead(204).flushHeaders())
    expect((await calling(500)).status).toBe(204)
    inside.next((response) => void response.writeHead(200, { 'content-length': '10' }).write('half'))
    expect((await calling(300)).status).toBe(200)
  })

  it('that nobody takes may be tried again', async () => {
    const gone = await startReceiver()
    await gone.stop()
    const failure = await refused(gone.url, { allow: new Set([gone.place]) })
    expect(failure).toMatchObject({ message: 'can not be reached (ECONNREFUSED)', final: false })
  })
})

it.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
  '%s is an address of the internet',
  (address) => expect(isOutside(address)).toBe(true),
)

it.each(['fe80::1%eth0', 'parcels.example', ''])('`%s` is none', (address) => expect(isOutside(address)).toBe(false))
