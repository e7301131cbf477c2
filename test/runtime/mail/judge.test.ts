import { describe, expect, it } from 'vitest'
import { type Facts, judge, type Verdict } from '../../../runtime/mail/judge.ts'
import { parse } from '../../../runtime/mail/parse.ts'

const reference = { caseId: '0190f3a2-7c1b-7def-8123-456789abcdef', seq: 3 }
const facts: Facts = {
  reference,
  forgedReference: false,
  letter: { name: 'ask_consent', addresses: ['Anna@Mail.example', 'anna.n@work.example'] },
  authentication: {
    passes: true,
    why: { code: 'dkim' },
    because: "its signature (DKIM) is that of the sender's domain",
  },
  mailbox: 'office@shop.example',
}

async function verdict(of: Facts, headers: readonly string[] = [], body = 'I agree'): Promise<Verdict> {
  const head = ['From: Anna <anna@mail.example>', 'Subject: Re: Order', ...headers].filter(Boolean)
  return judge(await parse(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}\r\n`)), of)
}

describe("a client's own answer", () => {
  it('counts where all holds, and says why', async () => {
    const answer = await verdict(facts)
    expect(answer).toMatchObject({ class: 'reply', counts: true, lines: ['I agree'], letter: reference })
    expect(answer.because).toBe(
      "It answers our letter `ask_consent`, comes from an address of that client, and its signature (DKIM) is that of the sender's domain.",
    )
  })

  it.each<[string, Partial<Facts>, string[], RegExp]>([
    [
      'its mac does not hold',
      { forgedReference: true, ...{ reference: undefined } } as Partial<Facts>,
      [],
      /changed or made up/,
    ],
    [
      'it answers no letter',
      { reference: undefined } as unknown as Partial<Facts>,
      ['In-Reply-To: <x@y.example>'],
      /no letter of ours/,
    ],
    ['the letter is not held', { letter: undefined } as unknown as Partial<Facts>, [], /no longer here/],
    ['another person sends it', {}, ['From: Eve <eve@mail.example>'], /exactly one sender/],
    [
      'its sender is not proved',
      { authentication: { passes: false, why: { code: 'unsigned' }, because: 'no signature' } },
      [],
      /not proved: it bears no signature/,
    ],
    ['nobody checked its sender', { authentication: undefined } as unknown as Partial<Facts>, [], /not checked/],
    [
      'the client is known by other addresses',
      { letter: { name: 'ask', addresses: ['b@mail.example'] } },
      [],
      /none of that client's addresses/,
    ],
    ['the client has no address', { letter: { name: 'ask', addresses: [] } }, [], /none of that client's addresses/],
    ['it is our own', { mailbox: 'ANNA@mail.example' }, [], /our own mailbox/],
  ])('does not count where %s', async (_, other, headers, because) => {
    const answer = await verdict({ ...facts, ...other }, headers)
    expect(answer.counts).toBe(false)
    expect(answer.class).toBe('reply')
    expect(answer.because).toMatch(because)
    expect(answer.because).not.toMatch(/@/)
  })

  it('shows a refused answer in its case, a forged one in none', async () => {
    expect((await verdict({ ...facts, letter: { name: 'ask', addresses: [] } })).letter).toEqual(reference)
    const { reference: _, ...forged } = facts
    expect((await verdict({ ...forged, forgedReference: true })).letter).toBeUndefined()
  })

  it('reads what the client wrote, not what they quote', async () => {
    const body = 'Dzień dobry,\r\n\r\nnie\r\n\r\nW dniu 12.03.2025 o 10:20, Shop pisze:\r\n> Odpowiedz: I agree\r\n'
    expect((await verdict(facts, ['Content-Type: text/plain; charset=utf-8'], body)).lines).toEqual(['nie'])
  })
})

describe('a machine’s message', () => {
  it.each<[Verdict['class'], string[]]>([
    ['auto-reply', ['Auto-Submitted: auto-replied']],
    ['auto-reply', ['Auto-Submitted: auto-replied (vacation)']],
    ['auto-reply', ['Auto-submitted: auto-generated; owner-email="x@y.example"']],
    ['auto-reply', ['Auto-Submitted: =?']],
    ['auto-reply', ['X-Autoreply: yes']],
    ['auto-reply', ['X-Autorespond: Away']],
    ['auto-reply', ['Precedence: auto_reply']],
    ['auto-reply', ['X-Auto-Response-Suppress: All']],
    ['auto-reply', ['Return-Path: <>']],
    ['auto-reply', ['Subject: Automatic reply: Order']],
    ['auto-reply', ['Subject: Re: Out of Office: Order']],
    ['auto-reply', ['Subject: =?utf-8?q?Odpowied=C5=BA?= automatyczna: Order', 'Auto-Submitted: auto-replied']],
    ['auto-reply', ['Subject: Autoodpowiedz: Order']],
    ['auto-reply', ['Content-Type: multipart/report; report-type=disposition-notification; boundary=b']],
    ['bounce', ['Content-Type: multipart/report; report-type=delivery-status; boundary=b']],
    ['bounce', ['X-Failed-Recipients: x@y.example']],
    ['bounce', ['Sender: MAILER-DAEMON@mail.example', 'Subject: Undelivered Mail Returned to Sender']],
    ['list', ['List-Id: <flowers.example>']],
    ['list', ['List-Unsubscribe: <mailto:x@y.example>']],
    ['list', ['Precedence: bulk']],
    ['spam', ['X-Spam-Flag: YES']],
  ])('is %s by %j, though all else holds, and does not count', async (kind, headers) => {
    const subject = headers.some((header) => header.startsWith('Subject')) ? [] : ['Subject: Re: Order']
    const head = ['From: Anna <anna@mail.example>', ...subject, ...headers]
    const incoming = await parse(Buffer.from(`${head.join('\r\n')}\r\n\r\nI agree\r\n`))
    const judged = judge(incoming, facts)
    expect(judged).toMatchObject({ class: kind, counts: false })
    expect(judged.because).toMatch(/^(An automatic answer|A bounce|List mail|Spam): .+\.$/)
  })

  it('is not one because its header says no, or a person writes about delivery', async () => {
    expect((await verdict(facts, ['Auto-Submitted: no'])).counts).toBe(true)
    expect((await verdict(facts, ['X-Auto-Response-Suppress: DR'])).counts).toBe(true)
    expect((await verdict(facts, [], 'My parcel was undeliverable. 550 - strange.')).counts).toBe(true)
  })
})

describe('any other message', () => {
  it('is new where it answers nothing, reply where it answers something', async () => {
    const none: Facts = { forgedReference: false }
    const incoming = await parse(Buffer.from('From: a@x.example\r\nSubject: hello\r\n\r\nhi'))
    expect(judge(incoming, none)).toMatchObject({ class: 'new', counts: false })
    expect(await verdict(none)).toMatchObject({ class: 'reply', counts: false })
  })

  it('is malformed where it can not be read', async () => {
    expect(judge(await parse(Buffer.from('hi')), facts)).toMatchObject({ class: 'malformed', counts: false, lines: [] })
  })
})

describe('two machines that answer each other', () => {
  const answered = (answers: number): Facts => ({
    ...facts,
    letter: { name: 'ask_consent', addresses: ['anna@mail.example'], answers },
  })

  it('are stopped after twenty answers of a case within an hour', async () => {
    expect((await verdict(answered(19))).counts).toBe(true)
    expect(await verdict(answered(20))).toMatchObject({ counts: false, why: { code: 'tooMany' } })
  })
})
