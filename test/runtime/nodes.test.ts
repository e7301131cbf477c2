import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { type RunningServer, startServer } from '../../runtime/main.ts'
import { type MailSandbox, startMailSandbox } from '../../runtime/sandbox/index.ts'
import { Vault } from '../../runtime/vault/vault.ts'
import { type Api, apiOf, signIn } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { listenTo, type Stream } from '../event-stream.ts'
import { eventually } from '../eventually.ts'
import { type Gate, gateTo } from '../gate.ts'
import { serveRouter } from '../sandbox-pages.ts'
import type { SandboxLetter } from '../server.ts'

const login = { login: 'admin', password: 'a-password-for-tests' }

describe('two nodes on one database', () => {
  let database: TestDatabase
  let folder: string
  let sandbox: MailSandbox
  let pages: Server
  let mail: Api
  let gate: Gate
  let nodes: RunningServer[] = []
  let apis: readonly [Api, Api]
  const streams: Stream[] = []

  const start = async (databaseUrl: string): Promise<RunningServer> => {
    const { definition } = await checkFolder('examples/florist/text')
    if (!definition) throw new Error('the flower shop has mistakes')
    return startServer({
      definition,
      databaseUrl,
      masterKey: 'c'.repeat(64),
      host: '127.0.0.1',
      port: 0,
      mail: {
        smtpUrl: sandbox.smtpUrl,
        imapUrl: sandbox.imapUrl,
        imapMailbox: 'INBOX',
        from: 'privacy@flowers.example',
        trustedAuthserv: sandbox.authserv,
      },
      admin: login,
      clock: systemClock,
      log: createLog('silent'),
    })
  }

  beforeAll(async () => {
    database = await testDatabase()
    folder = await mkdtemp(join(tmpdir(), 'zgoda-nodes-'))
    sandbox = await startMailSandbox({
      dataDir: folder,
      companyAddress: 'privacy@flowers.example',
      log: createLog('silent'),
    })
    const served = await serveRouter(sandbox.router)
    pages = served.server
    mail = apiOf(served.url, '')
    const url = new URL(database.url)
    gate = await gateTo(Number(url.port))
    await gate.open()
    url.port = String(gate.port)
    // At once: who makes the first person, and who installs the definition, is settled between them.
    nodes = await Promise.all([start(database.url), start(url.href)])
    const [a, b] = nodes as [RunningServer, RunningServer]
    apis = [await signIn(a.url, login.login, login.password), await signIn(b.url, login.login, login.password)]
  })
  afterAll(async () => {
    for (const stream of streams) stream.close()
    for (const node of nodes) await node.stop()
    await gate?.shut()
    pages?.close()
    await sandbox?.stop()
    await rm(folder, { recursive: true, force: true })
    await database?.close()
  })

  const newOrder = async (api: Api, email: string) => {
    const client: string = (await api.post('/clients', { email })).body.id
    const order = { process: 'order', client, fields: { bouquet: 'tulips' } }
    const id: string = (await api.post('/cases', order)).body.id
    return { client, id }
  }

  const listening = async (node: number): Promise<Stream> => {
    const stream = await listenTo((nodes[node] as RunningServer).url, (apis[node] as Api).cookie)
    streams.push(stream)
    return stream
  }
  it('start at once on an empty database, and make one first person and one version of each process', async () => {
    expect(nodes.filter(({ admin }) => admin)).toHaveLength(1)
    const versions = await Promise.all(apis.map((api) => api.get('/processes')))
    expect(versions[0]?.body).toEqual(versions[1]?.body)
  })

  it('tell pages that are open on one of what was decided on the other, either way', async () => {
    const { id } = await newOrder(apis[0], 'live@client.example')
    for (const [here, there] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const stream = await listening(there)
      const filled = await (apis[here] as Api).patch(`/cases/${id}/fields`, { bouquet: here ? 'tulips' : 'roses' })
      expect(filled.status).toBe(200)
      await eventually('the change to be heard', async () => stream.heard.some(({ caseId }) => caseId === id))
    }
  })

  it('sign a person out everywhere at once, and know a new colleague by name everywhere', async () => {
    const [a, b] = nodes as [RunningServer, RunningServer]
    const leaving = await signIn(a.url, login.login, login.password)
    const there = apiOf(b.url, leaving.cookie)
    expect((await there.get('/processes')).status).toBe(200)
    await fetch(`${a.url}/api/v1/sessions`, { method: 'DELETE', headers: { cookie: leaving.cookie } })
    await eventually('the session to end', async () => (await there.get('/processes')).status === 401, 1)
    const colleague = await a.people.addPerson({
      login: 'ewa',
      name: 'Ewa',
      password: login.password,
      roles: ['florist'],
    })
    const ewa = await signIn(a.url, 'ewa', login.password)
    const { id } = await newOrder(ewa, 'names@client.example')
    await eventually('her name', async () => {
      const { body } = await apis[1].get(`/cases/${id}/history`)
      return JSON.stringify(body).includes(`"${colleague.name}"`)
    })
    const first = await apis[1].get(`/cases/${id}/history`)
    expect(JSON.stringify(first.body)).not.toContain('a colleague')
  })

  it('let nobody in on either after a guesser has used up the tries on both together', async () => {
    const answers: number[] = []
    for (let n = 0; n < 6; n++) {
      const { status } = await fetch(`${(nodes[n % 2] as RunningServer).url}/api/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'adam', password: 'a wrong guess' }),
      })
      answers.push(status)
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 429])
  })

  it('forget a client who was erased on the other at once: values, key and session', async () => {
    const { client, id } = await newOrder(apis[0], 'gone@client.example')
    const letter = await eventually('her letter', async () =>
      ((await mail.get('/_mail/api/messages')).body as SandboxLetter[]).find(({ to }) => to.includes('gone@')),
    )
    const [, link = ''] = /(\/portal\/l\/\S+)/.exec(letter.text) ?? []
    const b = nodes[1] as RunningServer
    const entered = await fetch(b.url + link, { redirect: 'manual' })
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const home = () => fetch(`${b.url}/portal`, { headers: { cookie }, redirect: 'manual' })
    expect((await home()).status).toBe(200)
    const seen = await apis[1].get(`/clients/${client}`)
    expect(JSON.stringify(seen.body)).toContain('gone@client.example')
    const forget = vi.spyOn(Vault.prototype, 'forget')
    const erased = await apis[0].post(`/clients/${client}/erase`)
    expect(erased.status).toBeLessThan(300)
    for (const path of [`/clients/${client}`, `/cases/${id}`, `/cases/${id}/correspondence`]) {
      expect(JSON.stringify((await apis[1].get(path)).body)).not.toContain('gone@')
    }
    await eventually('the key to go from the memory of both', async () => {
      const theirs = forget.mock.contexts.filter((_, call) => forget.mock.calls[call]?.[0] === client)
      return new Set(theirs).size === 2
    })
    forget.mockRestore()
    await eventually('her session to end', async () => (await home()).status !== 200, 1)
  })

  it('read the mailbox one at a time, and the other takes over from where the first stopped', async () => {
    const readers = async () => {
      const states = await Promise.all(apis.map(async (api) => (await readyz(api)).checks.mailbox))
      return states.filter((state) => state === 'ok').length
    }
    const readyz = async (api: Api) => {
      const node = nodes[apis.indexOf(api)] as RunningServer
      return (await (await fetch(`${node.url}/readyz`)).json()) as { checks: Record<string, string> }
    }
    await eventually('one reader', async () => (await readers()) === 1)
    const reading = ((await readyz(apis[0])).checks.mailbox === 'ok' ? 0 : 1) as 0 | 1
    const other = apis[1 - reading] as Api
    const orders = await Promise.all(Array.from({ length: 4 }, (_, n) => newOrder(other, `over${n}@client.example`)))
    const letters = await eventually('their letters', async () => {
      const sent = ((await mail.get('/_mail/api/messages')).body as SandboxLetter[]).filter(({ to }) =>
        to.includes('over'),
      )
      return sent.length === orders.length && sent
    })
    const answer = (letter: SandboxLetter) => mail.post('/_mail/api/replies', { message: letter.id, text: 'I agree' })
    await answer(letters[0] as SandboxLetter)
    const stopping = (nodes[reading] as RunningServer).stop()
    await Promise.all(letters.slice(1).map(answer))
    await stopping
    const left = nodes[1 - reading] as RunningServer
    for (const { id } of orders) {
      await eventually(
        `the reply of ${id}`,
        async () => (await other.get(`/cases/${id}`)).body.stage.name === 'arranging',
      )
      const { body } = await other.get(`/cases/${id}/history`)
      expect(body.items.filter(({ type }: { type: string }) => type === 'reply')).toHaveLength(1)
    }
    const checks = ((await (await fetch(`${left.url}/readyz`)).json()) as { checks: Record<string, string> }).checks
    expect(checks.mailbox).toBe('ok')
    nodes[reading] = await start(reading === 1 ? gated() : database.url)
    const again = nodes[reading] as RunningServer
    const api = await signIn(again.url, login.login, login.password)
    apis = reading === 0 ? [api, apis[1]] : [apis[0], api]
  })

  const gated = () => {
    const url = new URL(database.url)
    url.port = String(gate.port)
    return url.href
  }

  it('tell every open page to load anew what may have gone unheard while a node had lost the others', async () => {
    const stream = await listening(1)
    const { id } = await newOrder(apis[0], 'missed@client.example')
    await gate.shut()
    await apis[0].patch(`/cases/${id}/fields`, { bouquet: 'roses' })
    expect(stream.heard.some(({ reload }) => reload)).toBe(false)
    await gate.open()
    await eventually('the word to load anew', async () => stream.heard.some(({ reload }) => reload))
    const after = stream.heard.length
    const filled = await apis[0].patch(`/cases/${id}/fields`, { bouquet: 'tulips' })
    expect(filled.status).toBe(200)
    await eventually('the next change', async () => stream.heard.slice(after).some(({ caseId }) => caseId === id))
  })

  it('lose no turn for ever where the connection that held it breaks off', async () => {
    const cut = new pg.Client({ connectionString: database.url })
    await cut.connect()
    const reading = async () => {
      const { rows } = await cut.query<{ pid: number }>(
        `select pid from pg_locks where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())
           and (classid::bigint << 32 | objid::bigint) = hashtextextended('zgoda reading of INBOX', 0)`,
      )
      return rows.map(({ pid }) => pid)
    }
    const [before] = await eventually('a reader', async () => {
      const pids = await reading()
      return pids.length === 1 && pids
    })
    await cut.query('select pg_terminate_backend($1)', [before])
    await eventually('another reader', async () => {
      const pids = await reading()
      return pids.length === 1 && pids[0] !== before
    })
    await cut.end()
  })
})
