import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { inStage, type SandboxLetter, stageOf, type TestServer, testServer } from '../server.ts'

const words = 'I consent to the processing of my health data'

describe('R08: for special data, only the client’s own written words open the work (GDPR Art. 9(2)(a))', () => {
  let clinic: TestServer
  let reception: Api
  let therapist: Api

  beforeAll(async () => {
    clinic = await testServer('clinic')
    reception = await clinic.as('reception')
    therapist = await clinic.as('therapist')
  })
  afterAll(() => clinic?.stop())

  async function book(address: string): Promise<{ id: string; client: string; letter: SandboxLetter }> {
    const client = (await reception.post('/clients', { email: address })).body.id
    const started = await reception.post('/cases', { process: 'visit', client })
    expect(started.status).toBe(201)
    return { id: started.body.id, client, letter: await clinic.letterTo(address, 'Your written consent') }
  }

  /** Hands a message to the sandbox's SMTP port as any stranger could. */
  async function forge(message: {
    from: string
    to: string
    text: string
    headers?: Record<string, string>
    inReplyTo?: string
  }) {
    const smtp = createTransport({ host: '127.0.0.1', port: clinic.smtpPort, secure: false, ignoreTLS: true })
    await smtp.sendMail({ subject: 'Re: Your written consent', ...message })
    smtp.close()
  }

  /** Waits until the case shows as many messages, each judged, and gives the reasons. */
  function reasonsOf(id: string, count: number): Promise<string[]> {
    return eventually(`${count} judged messages in the case`, async () => {
      const { messages } = (await reception.get(`/cases/${id}/letters`)).body as {
        messages: { because: string; counted: boolean }[]
      }
      const judged = messages.filter(({ because }) => because !== 'it is being read')
      expect(judged.filter(({ counted }) => counted)).toEqual([])
      return judged.length >= count && judged.map(({ because }) => because)
    })
  }

  it('moves the case when the client answers the letter with the words', async () => {
    const { id, client, letter } = await book('words@client.example')
    await clinic.answer(letter, `${words}\n`)
    await inStage(reception, id, 'in_treatment')
    const { body } = await reception.get(`/clients/${client}/consents`)
    const record = body.records.find((one: { purpose: string }) => one.purpose === 'treatment')
    expect(record).toMatchObject({ decision: 'given', channel: 'letter', version: 2 })
    expect(record.evidence.messageId).toMatch(/^<.+>$/)
    expect(record.evidence.words).toContain(words)
  })

  it('lets no person move a case in, by whatever role or way', async () => {
    const { id } = await book('hands@client.example')
    for (const person of [reception, therapist, await clinic.as('admin')]) {
      const answer = await person.post(`/cases/${id}/moves`, { to: 'in_treatment' })
      expect(answer.status).toBe(409)
      expect(answer.body.code).toBe('manual-entry-forbidden')
      expect(answer.body.because).toMatch(/manual entry.*clinic\.zgoda/s)
    }
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by a consent noted at the counter without the client’s statement', async () => {
    const { id, client } = await book('counter@client.example')
    const answer = await reception.post(`/clients/${client}/consents`, { purpose: 'treatment', decision: 'given' })
    expect(answer.status).toBe(422)
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by other words, a question, or the words with a doubt around them', async () => {
    const { id, letter } = await book('doubt@client.example')
    await clinic.answer(letter, `I do not think ${words}`)
    await clinic.answer(letter, 'When may I come?')
    await clinic.answer(letter, `> ${words}`)
    await eventually('three replies in the history', async () => {
      const { body } = await reception.get(`/cases/${id}/history`)
      return body.items.filter((item: { type: string }) => item.type === 'reply').length === 3
    })
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by an automatic reply that quotes the words', async () => {
    const { id, letter } = await book('away@client.example')
    await clinic.answer(letter, words, { auto: true })
    expect(await reasonsOf(id, 1)).toEqual([expect.stringMatching(/automatic/i)])
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by somebody else’s reply, genuine as it may be', async () => {
    const { id, letter } = await book('own@client.example')
    await clinic.answer(letter, words, { from: 'someone@else.example' })
    expect(await reasonsOf(id, 1)).toEqual([expect.stringMatching(/address/)])
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by a forged letter: the client’s address, the right id, a made-up Authentication-Results', async () => {
    const address = 'forged@client.example'
    const { id, letter } = await book(address)
    const inReplyTo = letter.headers['message-id'] as string
    const madeUp: Record<string, string>[] = [
      {},
      {
        'Authentication-Results':
          'sandbox.zgoda.invalid; dkim=pass header.d=client.example; spf=pass smtp.mailfrom=client.example',
      },
      { 'ARC-Authentication-Results': 'i=1; sandbox.zgoda.invalid; dkim=pass header.d=client.example' },
    ]
    for (const headers of madeUp) {
      await forge({ from: address, to: letter.headers['reply-to'] as string, text: words, inReplyTo, headers })
    }
    expect(await reasonsOf(id, 3)).toEqual(Array(3).fill(expect.stringMatching(/sender|proof|signature|authentic/i)))
    expect(await stageOf(reception, id)).toBe('booked')
  })

  it('is not opened by a letter without a mac, with a wrong one, or with another case’s', async () => {
    const one = await book('one@client.example')
    const two = await book('two@client.example')
    const [local = '', domain = ''] = (two.letter.headers['message-id'] as string).replace(/[<>]/g, '').split('@')
    const [caseRef, seq, mac = ''] = local.split('.')
    const flipped = `${mac.slice(0, -1)}${mac.endsWith('a') ? 'b' : 'a'}`
    await clinic.answer(one.letter, words, { from: 'two@client.example' })
    await forge({
      from: 'two@client.example',
      to: clinic.mailbox,
      text: words,
      inReplyTo: `<${caseRef}.${seq}.${flipped}@${domain}>`,
    })
    await forge({
      from: 'two@client.example',
      to: clinic.mailbox,
      text: words,
      inReplyTo: `<${caseRef}.${seq}@${domain}>`,
    })
    await forge({ from: 'two@client.example', to: clinic.mailbox, text: words })
    await reasonsOf(one.id, 1)
    await eventually('all four messages to be judged', async () => {
      const { rows } = await query(
        clinic.databaseUrl,
        "select count(*) filter (where status = 'new') as open from messages",
      )
      return Number(rows[0]?.open) === 0
    })
    expect(await stageOf(reception, one.id)).toBe('booked')
    expect(await stageOf(reception, two.id)).toBe('booked')
  })

  it('withdrawn, stops the work, hides and erases the notes in one transaction, and says so by letter', async () => {
    const address = 'stops@client.example'
    const { id, client, letter } = await book(address)
    await clinic.answer(letter, words)
    await inStage(reception, id, 'in_treatment')
    expect((await therapist.patch(`/cases/${id}/fields`, { notes: 'A stiff shoulder' })).status).toBe(200)
    await therapist.post(`/clients/${client}/consents`, { purpose: 'treatment', decision: 'withdrawn' })
    const seen = await therapist.get(`/cases/${id}`)
    expect(seen.body.stage.name).toBe('stopped')
    expect(seen.body.fields).not.toHaveProperty('notes')
    const held = await query(clinic.databaseUrl, 'select field, xmin::text from vault.values where case_id = $1', [id])
    expect(held.rows).toEqual([])
    const together = await query(
      clinic.databaseUrl,
      `select (select xmin::text from cases where case_id = $1) as moved, max(xmin::text) as recorded from consents where client_id = $2 and decision = 'withdrawn'`,
      [id, client],
    )
    expect(together.rows[0]?.moved).toBe(together.rows[0]?.recorded)
    await clinic.letterTo(address, 'We have stopped')
    expect((await therapist.post(`/cases/${id}/moves`, { to: 'treated' })).body.code).toBe('case-ended')
  })
})

async function query(url: string, text: string, values: unknown[] = []) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query<Record<string, string>>(text, values)
  } finally {
    await client.end()
  }
}
