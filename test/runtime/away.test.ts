import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import type { Definition } from '../../engine/definition.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type EmbeddedPostgres, startPostgres } from '../../runtime/sandbox/postgres.ts'
import { type Api, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { type MailWorld, mailWorld } from '../mail-world.ts'
import { inStage, type SandboxLetter } from '../server.ts'

const login = { login: 'admin', password: 'a-password-for-tests' }
const log = createLog('silent')

async function start(databaseUrl: string, mail: MailWorld): Promise<RunningServer> {
  return startServer({
    definition: await flowerShop(),
    databaseUrl,
    masterKey: 'f'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    mail: mail.options,
    admin: login,
    clock: systemClock,
    log,
  })
}

async function flowerShop(): Promise<Definition> {
  const { definition } = await checkFolder('examples/florist/text')
  if (!definition) throw new Error('the flower shop has mistakes')
  return definition
}

async function order(api: Api, email: string): Promise<string> {
  const client = (await api.post('/clients', { email })).body.id
  return (await api.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
}

function letterTo(mail: MailWorld, address: string): Promise<SandboxLetter> {
  return eventually(`a letter to ${address}`, async () => (await mail.letters(address))[0])
}

describe('a server whose database goes away', () => {
  let dataDir: string
  let postgres: EmbeddedPostgres
  let mail: MailWorld
  let server: RunningServer
  let api: Api

  const startDatabase = async (port?: number) => {
    postgres = await startPostgres({ dataDir, log, ...(port ? { port } : {}) })
  }
  const answering = () => eventually('the server to answer', async () => (await api.get('/clients')).status === 200)

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'zgoda-away-'))
    mail = await mailWorld('privacy@flowers.example')
    await mail.smtp.open()
    await mail.imap.open()
    await startDatabase()
    await postgres.stop()
    const starting = start(postgres.url, mail)
    await startDatabase(postgres.port)
    server = await starting
    api = await signIn(server.url, login.login, login.password)
  })
  afterAll(async () => {
    await server?.stop()
    await postgres?.stop()
    await mail?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('waits for it at the start, and starts when it comes', async () => {
    expect((await api.get('/readyz')).body).toMatchObject({ ready: true, checks: { database: 'ok' } })
  })

  it('says so to each request, and goes on by itself when it is back', async () => {
    const id = await order(api, 'away@client.example')
    const letter = await letterTo(mail, 'away@client.example')
    await postgres.stop()
    const refused = await Promise.all([
      api.get(`/cases/${id}`),
      api.get(`/cases/${id}/history`),
      api.get(`/cases/${id}/letters`),
      api.get('/cases'),
      api.get('/clients'),
      api.get('/notifications'),
      api.post('/clients', { name: 'Anna' }),
      api.post('/cases', { process: 'order' }, { 'idempotency-key': 'away-1' }),
      api.post(`/cases/${id}/moves`, { to: 'cancelled' }),
      api.patch(`/cases/${id}/fields`, { price: '12.00' }),
      api.post('/sessions', login),
    ])
    for (const { status, body } of refused) {
      expect(status).toBe(503)
      expect(body).toMatchObject({ code: 'unavailable', detail: expect.stringMatching(/again in a/) })
    }
    expect((await api.get('/healthz')).status).toBe(200)
    expect(await api.get('/readyz')).toMatchObject({ status: 503, body: { checks: { database: 'does not answer' } } })
    await mail.answer(letter, 'I agree')
    await startDatabase(postgres.port)
    await answering()
    await inStage(api, id, 'arranging')
    const { body } = await api.get(`/cases/${id}/history`)
    expect(body.items.filter(({ type }: { type: string }) => type === 'reply')).toHaveLength(1)
    await order(api, 'after@client.example')
    await letterTo(mail, 'after@client.example')
  })

  it('tells a page’s reader in words of their own, with a status that says to come back', async () => {
    await postgres.stop()
    const page = await fetch(`${server.url}/`, { headers: { accept: 'text/html', cookie: api.cookie } })
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('5')
    expect(await page.text()).toMatch(/again in a/)
    await startDatabase(postgres.port)
    await answering()
  })

  it('stops when asked, though the database is away', async () => {
    const second = await start(postgres.url, mail)
    await second.people.addPerson({ login: 'second', password: login.password, roles: ['florist'] })
    await order(await signIn(second.url, 'second', login.password), 'second-server@client.example')
    await postgres.stop()
    await second.stop()
    await expect(fetch(`${second.url}/healthz`)).rejects.toThrow()
    await startDatabase(postgres.port)
    await answering()
  })

  it('keeps everything it acknowledged, whenever the database went', async () => {
    const client = (await api.post('/clients', { email: 'kept@client.example' })).body.id
    const starts: Promise<{ status: number; body: { id: string } }>[] = []
    let going = true
    const flood = (async () => {
      while (going) {
        const one = api.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })
        starts.push(one)
        await one
      }
    })()
    try {
      await eventually('some cases to be stored', async () => starts.length > 20)
      await postgres.stop()
    } finally {
      going = false
      await flood
    }
    await startDatabase(postgres.port)
    await answering()
    const answers = await Promise.all(starts)
    const stored = answers.filter(({ status }) => status === 201).map(({ body }) => body.id)
    expect(stored.length).toBeGreaterThan(10)
    for (const id of stored) expect((await api.get(`/cases/${id}`)).status).toBe(200)
    await eventually('a letter of each case, whatever was under way', async () => {
      const ids = new Set((await mail.letters('kept@client.example')).map(({ headers }) => headers['message-id']))
      return ids.size >= stored.length
    })
  })
})

describe('a server whose mail servers go away', () => {
  let database: TestDatabase
  let mail: MailWorld
  let server: RunningServer
  let api: Api

  beforeAll(async () => {
    database = await testDatabase()
    mail = await mailWorld('privacy@flowers.example')
    server = await start(database.url, mail)
    api = await signIn(server.url, login.login, login.password)
  })
  afterAll(async () => {
    await server?.stop()
    await database?.close()
    await mail?.close()
  })

  /** Until the letter was tried in vain: its case says why it waits. */
  async function waiting(id: string): Promise<void> {
    const letter = await eventually('the letter to have been tried', async () => {
      const { letters } = (await api.get(`/cases/${id}/letters`)).body
      return letters[0]?.because && letters[0]
    })
    expect(letter).toMatchObject({ status: 'waiting', because: expect.stringMatching(/mail server/) })
  }

  const checks = async () => (await api.get('/readyz')).body

  it('starts without them, sends what waited once, and takes the replies once', async () => {
    const id = await order(api, 'start@client.example')
    await waiting(id)
    expect(await checks()).toEqual({
      ready: true,
      checks: {
        database: 'ok',
        letters: expect.stringMatching(/mail server/),
        mailbox: expect.stringMatching(/IMAP server/),
      },
    })
    expect(await mail.letters('start@client.example')).toEqual([])
    await Promise.all([mail.smtp.open(), mail.imap.open()])
    const letter = await letterTo(mail, 'start@client.example')
    await mail.answer(letter, 'I agree')
    await inStage(api, id, 'arranging')
    expect(await mail.letters('start@client.example')).toHaveLength(1)
    const { letters } = (await api.get(`/cases/${id}/letters`)).body
    expect(letters[0]).toMatchObject({ status: 'sent' })
    expect(letters[0].because).toBeUndefined()
    expect(await checks()).toEqual({ ready: true, checks: { database: 'ok', letters: 'ok', mailbox: 'ok' } })
    const { body } = await api.get(`/cases/${id}/history`)
    expect(body.items.filter(({ type }: { type: string }) => type === 'reply')).toHaveLength(1)
  })

  it('lets letters wait and replies lie while they are away, and takes each up once', async () => {
    const first = await order(api, 'first@client.example')
    const letter = await letterTo(mail, 'first@client.example')
    await Promise.all([mail.smtp.shut(), mail.imap.shut()])
    await mail.answer(letter, 'no')
    const second = await order(api, 'second@client.example')
    await waiting(second)
    await Promise.all([mail.smtp.open(), mail.imap.open()])
    await inStage(api, first, 'arranging')
    await letterTo(mail, 'second@client.example')
    await eventually('the letter to be noted as sent', async () => {
      const { letters } = (await api.get(`/cases/${second}/letters`)).body
      return letters[0]?.status === 'sent'
    })
    expect(await mail.letters('second@client.example')).toHaveLength(1)
  })
})
