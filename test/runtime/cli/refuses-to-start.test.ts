import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../database.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const key = 'a'.repeat(64)

/** With these settings and no others. */
function zgoda(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const settings = { PATH: process.env.PATH ?? '', ZGODA_LOG: 'silent', ZGODA_PORT: '0', ...env }
    execFile(
      process.execPath,
      ['runtime/cli/zgoda.ts', ...args],
      { env: settings, timeout: 20_000 },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err })
      },
    )
  })
}

/** A sentence for the operator: no stack, and nothing of what a setting holds. */
function saysWhy({ code, out, err }: Ran, why: RegExp): void {
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(why)
  expect(err).not.toMatch(/\n\s+at |node_modules/)
  expect(err).not.toContain(key)
}

describe('a workspace with mistakes', () => {
  let dir: string
  const places = ['order.zgoda:4:21', 'order.zgoda:5:17', 'people.zgoda:1:']

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'zgoda-mistakes-'))
    await writeFile(join(dir, 'people.zgoda'), 'rloe florist "Florist"\n')
    const order =
      'process order "Order" {\n  field price "Price" money\n  stage one {\n    on enter { send nothing to client }\n    edit price, prise\n  }\n}\n'
    await writeFile(join(dir, 'order.zgoda'), order)
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  it('is not served: every mistake is printed with its place, and the database is not touched', async () => {
    let touched = 0
    const database = createServer((socket) => {
      touched += 1
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(database, 'listening')
    const { port } = database.address() as AddressInfo
    const ran = await zgoda(['serve', dir], {
      ZGODA_DATABASE_URL: `postgres://zgoda@127.0.0.1:${port}/zgoda`,
      ZGODA_MASTER_KEY: key,
    })
    database.close()
    expect(ran.code).toBe(1)
    for (const place of places) expect(ran.err).toContain(place)
    expect(ran.err).toContain('does not run')
    expect(touched).toBe(0)
  })

  it('is not shown in a demo, which leaves no folder behind', async () => {
    const data = join(dir, 'data')
    const ran = await zgoda(['demo', dir], { ZGODA_DATA: data })
    expect(ran.code).toBe(1)
    for (const place of places) expect(ran.err).toContain(place)
    await expect(access(data)).rejects.toThrow()
  })

  it('has the same mistakes told by `zgoda check`, in text and in JSON', async () => {
    const text = await zgoda(['check', dir])
    expect(text.code).toBe(1)
    for (const place of places) expect(text.out).toContain(place)
    const json = await zgoda(['check', dir, '--format', 'json'])
    expect(json.code).toBe(1)
    const { problems, counts } = JSON.parse(json.out)
    const told = problems.map(({ file, line, column }: Record<string, unknown>) => `${file}:${line}:${column}`)
    for (const place of places) expect(told.some((one: string) => one.startsWith(place))).toBe(true)
    expect(counts.errors).toBe(problems.filter(({ severity }: { severity: string }) => severity === 'error').length)
  })

  it('is told from a folder that is none, or holds no workspace', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'zgoda-empty-'))
    for (const command of ['serve', 'demo', 'check']) {
      saysWhy(await zgoda([command, join(dir, 'nowhere')]), /nowhere/)
      saysWhy(await zgoda([command, empty], { ZGODA_DATA: join(empty, 'data') }), /no workspace/)
    }
    await rm(empty, { recursive: true })
  })
})

describe('zgoda serve', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.close())

  const serve = (env: Record<string, string>) => zgoda(['serve', 'examples/clinic'], env)
  const good = () => ({ ZGODA_DATABASE_URL: database.url, ZGODA_MASTER_KEY: key })

  it('names the setting that is missing', async () => {
    saysWhy(await serve({}), /ZGODA_DATABASE_URL is not set/)
    saysWhy(await serve({ ZGODA_DATABASE_URL: database.url }), /ZGODA_MASTER_KEY is not set/)
    saysWhy(await serve({ ...good(), ZGODA_MASTER_KEY_FILE: '', ZGODA_MASTER_KEY: '' }), /ZGODA_MASTER_KEY is not set/)
  })

  it('names the setting that is wrong, and does not repeat a secret', async () => {
    saysWhy(await serve({ ...good(), ZGODA_MASTER_KEY: 'abc123' }), /ZGODA_MASTER_KEY must be 32 bytes/)
    const file = await serve({ ZGODA_DATABASE_URL: database.url, ZGODA_MASTER_KEY_FILE: '/nowhere/key' })
    saysWhy(file, /ZGODA_MASTER_KEY_FILE/)
    saysWhy(await serve({ ...good(), ZGODA_PORT: '70000' }), /ZGODA_PORT/)
    saysWhy(await serve({ ...good(), ZGODA_URL: 'nowhere' }), /ZGODA_URL/)
    saysWhy(await serve({ ...good(), ZGODA_DATABASE_URL: 'mysql://u:hidden@h/d' }), /ZGODA_DATABASE_URL/)
    saysWhy(await serve({ ...good(), ZGODA_SMTP_URL: 'http://u:hidden@h' }), /ZGODA_SMTP_URL|SMTP address/)
    saysWhy(await serve({ ...good(), ZGODA_IMAP_URL: 'imap://h' }), /ZGODA_IMAP_URL|IMAP address/)
  })

  it('does not start where Postgres does not let it in', async () => {
    const url = new URL(database.url)
    url.password = 'wrong-password'
    const ran = await serve({ ...good(), ZGODA_DATABASE_URL: url.href })
    saysWhy(ran, /password|ZGODA_DATABASE_URL/)
    expect(ran.err).not.toContain('wrong-password')
  })

  it('does not start on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    saysWhy(await serve({ ...good(), ZGODA_PORT: String(port) }), new RegExp(`port ${port}`))
    other.close()
  })

  it('does not start with another master key than the database was made with', async () => {
    saysWhy(await serve({ ...good(), ZGODA_MASTER_KEY: 'b'.repeat(64) }), /ZGODA_MASTER_KEY/)
  })

  it('does not start on a database that a newer version has made', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query("insert into knex_migrations (name, batch, migration_time) values ('999_future', 9, now())")
    await client.end()
    saysWhy(await serve(good()), /newer version/)
  })
})
