import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../runtime/log.ts'
import { type MailSandbox, startMailSandbox } from '../../runtime/sandbox/index.ts'
import { signIn } from '../api.ts'
import { type ChildServer, startChild } from '../child-server.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'

const login = { ZGODA_ADMIN_LOGIN: 'admin', ZGODA_ADMIN_PASSWORD: 'a-password-for-tests' }

describe('a server that is asked to stop (SIGTERM)', () => {
  let database: TestDatabase
  let sandbox: MailSandbox
  let silent: Server
  let folder: string
  const heard: Socket[] = []

  beforeAll(async () => {
    database = await testDatabase()
    folder = await mkdtemp(join(tmpdir(), 'zgoda-stop-'))
    sandbox = await startMailSandbox({ dataDir: folder, companyAddress: 'a@b.example', log: createLog('silent') })
    silent = createServer((socket) => void heard.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1')
    await once(silent, 'listening')
  })
  afterAll(async () => {
    for (const socket of heard) socket.destroy()
    silent?.close()
    await sandbox?.stop()
    await database?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const start = (more: Record<string, string> = {}) =>
    startChild('examples/florist/text', {
      ...login,
      ZGODA_DATABASE_URL: database.url,
      ZGODA_MASTER_KEY: 'd'.repeat(64),
      ...more,
    })

  it('takes no more requests, answers the one under way, and ends with 0', async () => {
    const child = await start()
    const body = JSON.stringify({ login: 'admin', password: 'a-password-for-tests' })
    const agent = new Agent({ keepAlive: true })
    const asking = ask(child, { agent, method: 'POST', path: '/api/v1/sessions', length: body.length })
    asking.write(body.slice(0, 10))
    await once(asking, 'socket')
    await eventually('the request to be under way', async () => asking.socket?.bytesWritten)
    const stopped = child.stop()
    await eventually('the port to be closed', async () => !(await connects(child)))
    const answer = once(asking, 'response') as Promise<[IncomingMessage]>
    asking.end(body.slice(10))
    const [{ statusCode }] = await answer
    expect(statusCode).toBe(204)
    expect(await stopped).toBe(0)
    agent.destroy()
  })

  it('ends event streams, which nobody else would end', async () => {
    const child = await start()
    const { cookie } = await signIn(child.url, 'admin', login.ZGODA_ADMIN_PASSWORD)
    const stream = await fetch(`${child.url}/api/v1/events`, { headers: { cookie } })
    const reader = stream.body?.getReader()
    await reader?.read()
    const stopped = child.stop()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read());
    expect(await stopped).toBe(0)
  })

  it('gives back a job that does not end in time, and still ends with 0', async () => {
    const hanging = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const child = await start({ ZGODA_SMTP_URL: hanging, ZGODA_STOP_TIMEOUT: '1', ZGODA_LOG: 'silent' })
    const api = await signIn(child.url, 'admin', login.ZGODA_ADMIN_PASSWORD)
    const client = (await api.post('/clients', { email: 'anna@client.example' })).body.id
    await api.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })
    await eventually(
      'the letter to be under way',
      async () => (await query('select 1 from graphile_worker.jobs where locked_at is not null')).length > 0,
    )
    expect(await child.stop()).toBe(0)
    const again = await start({ ZGODA_SMTP_URL: sandbox.smtpUrl })
    await eventually(
      'the letter to be sent',
      async () => (await query("select 1 from letters where status = 'sent'")).length > 0,
    )
    expect(await again.stop()).toBe(0)
  })

  async function query(text: string): Promise<object[]> {
    const connection = new pg.Client({ connectionString: database.url })
    await connection.connect()
    return connection
      .query(text)
      .then(({ rows }) => rows)
      .finally(() => connection.end())
  }
})

function ask(
  child: ChildServer,
  { length, ...options }: { agent: Agent; method: string; path: string; length: number },
): ClientRequest {
  const { hostname, port } = new URL(child.url)
  const headers = { 'content-type': 'application/json', 'content-length': length }
  return request({ hostname, port, headers, ...options })
}

function connects(child: ChildServer): Promise<boolean> {
  const { hostname, port } = new URL(child.url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
