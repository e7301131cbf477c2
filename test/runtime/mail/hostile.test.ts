import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '../../../runtime/mail/examine.ts'
import { judge } from '../../../runtime/mail/judge.ts'
import { parse } from '../../../runtime/mail/parse.ts'
import { letterReference } from '../../../runtime/mail/reference.ts'

const key = Buffer.alloc(32, 3)
const letters = { find: async () => ({ name: 'ask', addresses: ['anna@mail.example'] }) }
const crlf = (lines: readonly string[]) => Buffer.from(lines.join('\r\n'), 'latin1')
const head = ['From: anna@mail.example', 'Subject: Re: x', 'In-Reply-To: <1@x.example>']
const nested = (depth: number) =>
  Array.from(
    { length: depth },
    (_, at) => `Content-Type: message/rfc822\r\n\r\nFrom: n${at}@mail.example\r\nSubject: n${at}\r\n`,
  ).join('')
const parts = (depth: number) =>
  Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`).join(
    '',
  )

const hostile: Record<string, () => Buffer> = {
  'a thousand multiparts, one in another': () => Buffer.from(`${head.join('\r\n')}\r\n${parts(1000)}hi`),
  'messages in messages, a thousand deep': () => Buffer.from(`${head.join('\r\n')}\r\n${nested(1000)}\r\nhi`),
  'twenty thousand parts': () =>
    crlf([...head, 'Content-Type: multipart/mixed; boundary=b', '', ...Array(20_000).fill('--b\r\n\r\nx'), '--b--']),
  'a hundred thousand recipients': () =>
    crlf([...head, `To: ${Array.from({ length: 100_000 }, (_, at) => `r${at}@mail.example`).join(', ')}`, '', 'hi']),
  'a hundred thousand references': () =>
    crlf([
      ...head,
      `References: ${Array.from({ length: 100_000 }, (_, at) => `<${at}@mail.example>`).join(' ')}`,
      '',
      'hi',
    ]),
  'a hundred thousand header fields': () => crlf([...head, ...Array(100_000).fill('X-Filler: x'), '', 'hi']),
  'one header line of ten megabytes': () => crlf([...head, `X-Long: ${'x'.repeat(10_000_000)}`, '', 'hi']),
  'a header folded a hundred thousand times': () => crlf([...head, `X-Fold: a${'\r\n b'.repeat(100_000)}`, '', 'hi']),
  'one line of twenty megabytes': () => crlf([...head, '', 'a '.repeat(10_000_000)]),
  'a million short lines': () => crlf([...head, '', ...Array(1_000_000).fill('> a')]),
  'lines that nearly introduce a quotation': () =>
    crlf([...head, '', ...Array(20_000).fill(`On 2026-05-25 10:20 ${'a '.repeat(100)}`)]),
  'null bytes everywhere': () => Buffer.concat([crlf(head), Buffer.alloc(1_000_000)]),
  'a file name of a megabyte, with paths and line ends in it': () =>
    crlf([
      ...head,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      `Content-Disposition: attachment; filename="../../etc/passwd%0d%0a${'n'.repeat(1_000_000)}"`,
      '',
      'x',
      '--b--',
    ]),
  'a name split into ten thousand pieces (RFC 2231)': () =>
    crlf([
      ...head,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      `Content-Disposition: attachment${Array.from({ length: 10_000 }, (_, at) => `;\r\n filename*${at}*=%41`).join('')}`,
      '',
      'x',
      '--b--',
    ]),
  'HTML of five megabytes of open tags': () =>
    crlf([...head, 'Content-Type: text/html', '', '<div><blockquote>'.repeat(300_000)]),
  'an encoded word in ten thousand pieces': () =>
    crlf(['From: anna@mail.example', `Subject:${'\r\n =?utf-8?Q?a?='.repeat(10_000)}`, '', 'hi']),
  'a DKIM signature a hundred times': () =>
    crlf([
      ...Array(100).fill(`DKIM-Signature: v=1; a=rsa-sha256; d=mail.example; s=s; b=${'A'.repeat(300)}; bh=B; h=from`),
      ...head,
      '',
      'hi',
    ]),
  'S/MIME that claims to be four gigabytes': () =>
    crlf([
      ...head,
      'Content-Type: application/pkcs7-mime; smime-type=signed-data',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('3084fffffff006092a864886f70d010702a080308002', 'hex').toString('base64'),
    ]),
  'S/MIME of ten thousand levels': () =>
    crlf([
      ...head,
      'Content-Type: application/pkcs7-mime; smime-type=signed-data',
      'Content-Transfer-Encoding: base64',
      '',
      (
        Buffer.alloc(20_000, Buffer.from('3080', 'hex'))
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\r\n'),
    ]),
}

describe('a hostile message', () => {
  it.each(Object.entries(hostile))('of %s is read in bounds, and never counts', async (_, make) => {
    const raw = make()
    const started = process.cpuUsage()
    const { verdict } = await examine(raw, { key, letters, resolver: async () => Promise.reject(new Error('none')) })
    const { user, system } = process.cpuUsage(started)
    expect(verdict.counts).toBe(false)
    expect(verdict.because.length).toBeLessThan(400)
    expect((user + system) / 1e6).toBeLessThan(raw.length > 5_000_000 ? 5 : 3)
  })

  it('of fifty megabytes is no message to be read, and says so', async () => {
    expect(await parse(Buffer.alloc(50 * 1024 * 1024, 'a'))).toMatchObject({
      malformed: true,
      because: expect.stringContaining('25 MiB'),
    })
  })
})

const reference = { caseId: '0190f3a2-7c1b-7def-8123-456789abcdef', seq: 3 }
const proof = { passes: true, why: { code: 'dkim' }, because: '' } as const

async function verdictOf(lines: readonly string[], addresses = ['anna@mail.example']) {
  return judge(await parse(Buffer.from(lines.join('\r\n'))), {
    reference,
    forgedReference: false,
    letter: { name: 'ask', addresses },
    authentication: proof,
  })
}

describe('a sender who only seems to be the client', () => {
  it.each([
    ['with a Cyrillic letter in the name', 'From: аnna@mail.example', 'lookalike'],
    ['with a Cyrillic letter in the domain', 'From: anna@mаil.example', 'lookalike'],
    ['with the same domain in punycode of another script', 'From: anna@xn--mil-6cd.example', 'lookalike'],
    ['with `rn` for `m`', 'From: anna@rnail.example', 'lookalike'],
    ['with a digit for a letter', 'From: anna@ma1l.example', 'lookalike'],
    ['whose name is the client’s address', 'From: "anna@mail.example" <eve@evil.example>', 'stranger'],
    ['whose name is that address, unquoted', 'From: anna@mail.example <eve@evil.example>', 'stranger'],
    ['whose address has the client’s inside', 'From: <"anna@mail.example"@evil.example>', 'stranger'],
    ['beside the client', 'From: anna@mail.example, eve@evil.example', 'sendersNotOne'],
    ['in a group of none', 'From: anna@mail.example:;', 'sendersNotOne'],
    ['with what a plus puts behind', 'From: anna+shop@mail.example', 'stranger'],
  ])('%s does not count', async (_, from, code) => {
    const verdict = await verdictOf([from, 'Subject: Re: x', '', 'I agree'])
    expect(verdict).toMatchObject({ counts: false, why: { code } })
    expect(verdict.because).not.toMatch(/@/)
  })

  it.each([
    ['Anna.Nowak+shop@googlemail.com', 'annanowak@gmail.com'],
    ['anna@xn--mjd-hna.example', 'anna@mjód.example'],
    ['ANNA@MAIL.EXAMPLE', 'anna@mail.example'],
  ])('is told from one who writes the same address otherwise: %s', async (from, known) => {
    expect(await verdictOf([`From: ${from}`, 'Subject: Re: x', '', 'I agree'], [known])).toMatchObject({ counts: true })
  })

  it.each([
    ['passed the client’s letter on (`Resent-From`)', 'Resent-From: eve@evil.example', 'resent'],
    ['else sends it in the client’s name (`Sender`)', 'Sender: "Secretary" <eve@mail.example>', 'onBehalf'],
    ['forwards it, as the subject says', 'Subject: Fwd: Re: x', 'passedOn'],
  ])('does not count where somebody %s', async (_, line, code) => {
    const subject = line.startsWith('Subject') ? [] : ['Subject: Re: x']
    expect(await verdictOf(['From: anna@mail.example', ...subject, line, '', 'I agree'])).toMatchObject({
      counts: false,
      why: { code },
    })
  })
})

it('a letter of ours that comes back is nobody’s answer', async () => {
  const own = letterReference(reference, key)
  const raw = Buffer.from(
    `From: anna@mail.example\r\nMessage-ID: <${own}@shop.example>\r\nIn-Reply-To: <${own}@shop.example>\r\n\r\nI agree\r\n`,
  )
  const { verdict } = await examine(raw, { key, letters })
  expect(verdict).toMatchObject({ class: 'new', counts: false, why: { code: 'ownCopy' } })
})

it.each([
  ['windows-1250', 'base64', Buffer.from('5a6761647a616d207369ea', 'hex'), 'Zgadzam się'],
  ['iso-8859-2', 'base64', Buffer.from('7a676f6461b1', 'hex'), 'zgodaą'],
  ['koi8-r', 'base64', Buffer.from('d3cfc7ccc1d3c5ce', 'hex'), 'согласен'],
  ['gb2312', 'base64', Buffer.from('cdacd2e2', 'hex'), '同意'],
  ['utf-16le', 'base64', Buffer.from('tak', 'utf16le'), 'tak'],
])('words in %s are read as written', async (charset, encoding, bytes, words) => {
  const body = encoding === 'base64' ? bytes.toString('base64') : bytes.toString('latin1')
  const raw = `From: a@b.example\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`
  expect(judge(await parse(Buffer.from(raw, 'latin1')), { forgedReference: false }).lines).toEqual([words])
})

it.each([
  ['quoted-printable that is broken', 'quoted-printable', 'I agree=\r\n=ZZ=E', /^I agree/],
  ['base64 that is broken', 'base64', 'SSBhZ3JlZQ', /^I agree/],
  ['base64 that is none', 'base64', '!!! not base64 !!!', /./],
])('%s is read as far as it goes', async (_, encoding, body, words) => {
  const raw = `From: a@b.example\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`
  const incoming = await parse(Buffer.from(raw))
  expect(incoming.malformed ? '' : incoming.text).toMatch(words)
})

it('flowed text whose spaces are deleted (DelSp) is one line again', async () => {
  const raw = 'From: a@b.example\r\nContent-Type: text/plain; format=flowed; delsp=yes\r\n\r\nI agr \r\nee\r\n'
  expect(judge(await parse(Buffer.from(raw)), { forgedReference: false }).lines).toEqual(['I agree'])
})

describe('a sealed message', () => {
  let folder: string
  const openssl = (args: readonly string[], input?: string) =>
    execFileSync('openssl', [...args], { cwd: folder, input, stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = async (raw: Buffer) => judge(await parse(raw), { forgedReference: false })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zgoda-smime-'))
    openssl([
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=Anna',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '2',
    ])
    writeFileSync(join(folder, 'mail.txt'), 'Content-Type: text/plain; charset=utf-8\r\n\r\nI agree\r\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const wrapped = (smime: Buffer) =>
    Buffer.concat([Buffer.from('From: anna@mail.example\r\nSubject: Re: x\r\n'), smime])

  it.each([[[]], [['-stream']]])(
    'that is only signed, even where the words are inside the signature, is read (%j)',
    async (more) => {
      const smime = openssl([
        'cms',
        '-sign',
        '-nodetach',
        '-in',
        'mail.txt',
        '-signer',
        'cert.pem',
        '-inkey',
        'key.pem',
        ...more,
      ])
      expect(smime.toString()).toContain('smime-type=signed-data')
      expect(await lines(wrapped(smime))).toMatchObject({ lines: ['I agree'] })
    },
  )

  it('that is enciphered says that it can not be read, and does not count', async () => {
    const smime = openssl(['cms', '-encrypt', '-in', 'mail.txt', 'cert.pem'])
    const verdict = judge(await parse(wrapped(smime)), {
      reference,
      forgedReference: false,
      letter: { name: 'ask', addresses: ['anna@mail.example'] },
      authentication: proof,
    })
    expect(verdict).toMatchObject({ counts: false, why: { code: 'sealedWords' }, lines: [] })
  })

  it('by PGP is not read either', async () => {
    const body = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n'
    expect(await verdictOf(['From: anna@mail.example', 'Subject: Re: x', '', body])).toMatchObject({
      counts: false,
      why: { code: 'sealedWords' },
    })
  })
})
