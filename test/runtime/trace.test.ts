import { spawn } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentTrace, inTrace, traceFrom, traceparent } from '../../runtime/trace.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'

const id = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('a trace', () => {
  it.each([
    [`00-${id}-00f067aa0ba902b7-01`, true],
    [`01-${id}-00f067aa0ba902b7-01-more`, true],
    [`ff-${id}-00f067aa0ba902b7-01`, false],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
    [`00-${id.toUpperCase()}-00f067aa0ba902b7-01`, false],
    [`00-${id}\n-00f067aa0ba902b7-01`, false],
    [undefined, false],
  ])('is taken from the header `%s`: %s', (header, taken) => {
    const trace = traceFrom(header)
    expect(trace === id).toBe(taken)
    expect(trace).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is another for each request without one, and goes on in calls to others', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => traceFrom(undefined))).size).toBe(1_000)
    expect(traceFrom(traceparent(id))).toBe(id)
  })

  it('stays with what it set off, and with nothing else', async () => {
    const seen = await Promise.all(
      ['a', 'b'].map((trace) => inTrace(trace, () => Promise.resolve().then(() => currentTrace()))),
    )
    expect(seen).toEqual(['a', 'b'])
    expect(currentTrace()).toBeUndefined()
  })
})

describe('a request’s trace', () => {
  let database: TestDatabase
  let server: ReturnType<typeof spawn>
  let url: string
  const lines: { trace?: string; msg: string; route?: string }[] = []

  beforeAll(async () => {
    database = await testDatabase()
    server = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'serve', 'examples/florist/text'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        ZGODA_PORT: '0',
        ZGODA_LOG: 'debug',
        ZGODA_DATABASE_URL: database.url,
        ZGODA_MASTER_KEY: 'd'.repeat(64),
        ZGODA_ADMIN_LOGIN: 'admin',
        ZGODA_ADMIN_PASSWORD: 'a-password-for-tests',
        // Nobody is there: letters are tried, and it is logged why they wait.
        ZGODA_SMTP_URL: 'smtp://127.0.0.1:1',
      },
    })
    let out = ''
    let rest = ''
    server.stdout?.on('data', (part) => {
      out += part
    })
    server.stderr?.on('data', (part) => {
      const whole = `${rest}${part}`.split('\n')
      rest = whole.pop() ?? ''
      lines.push(...whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)))
    })
    url = await eventually('the server', async () => /running at (\S+)/.exec(out)?.[1])
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    await database?.close()
  })

  const call = async (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  it('stands in the log lines of the request and of the job it left, and in the job', async () => {
    const signedIn = await call('/sessions', { login: 'admin', password: 'a-password-for-tests' })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const client = (await (await call('/clients', { email: 'anna@client.example' }, { cookie })).json()).id
    const order = { process: 'order', client, fields: { bouquet: 'tulips' } }
    const made = await call('/cases', order, { cookie, traceparent: `00-${id}-00f067aa0ba902b7-01` })
    expect(made.status).toBe(201)
    const payloads = await eventually('the letter to be put off', async () => {
      const of = lines.filter(({ trace }) => trace === id).map(({ msg }) => msg)
      return of.includes('request') && of.includes('a letter was not accepted') ? payloadsOf() : undefined
    })
    expect(payloads).toContain(id)
    const others = lines.filter(({ route }) => route === '/api/v1/clients').map(({ trace }) => trace)
    expect(others).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(others).not.toContain(id)
  })

  async function payloadsOf(): Promise<string> {
    const connection = new pg.Client({ connectionString: database.url })
    await connection.connect()
    const { rows } = await connection.query('select payload::text from graphile_worker._private_jobs')
    await connection.end()
    return rows.map(({ payload }) => payload).join('\n')
  }
})
