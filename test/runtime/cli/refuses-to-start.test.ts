import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from '../../../runtime/cli/zgoda.ts'
import { startChild } from '../../child-server.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { parcelWorkspace } from '../webhooks/parcels.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const key = 'a'.repeat(64)

/** Settings that every run has. */
const usual = { ZGODA_LOG: 'silent', ZGODA_PORT: '0' }

/** As a process of its own, with these settings and no others: it must end by itself. */
function zgoda(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const settings = { PATH: process.env.PATH ?? '', ...usual, ...env }
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

/** The same in this process, which is faster. */
async function zgodaHere(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const settings: Record<string, string> = { ...usual, ...env }
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('ZGODA_'))) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  const out: unknown[] = []
  const err: unknown[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(text) > 0)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(text) > 0)
  try {
    const code = await main(args)
    return { code, out: out.join(''), err: err.join('') }
  } finally {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  }
}

/** A sentence for the operator: no stack, and nothing of what a setting holds. */
function saysWhy({ code, out, err }: Ran, why: RegExp): void {
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(why)
  expect(err).not.toMatch(/\n\s+at |node_modules/)
  expect(err).not.toContain(key)
}

// biome-ignore lint/suspicious/noExplicitAny: tests read rows freely; a wrong shape fails an assertion
async function query({ url }: TestDatabase, text: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
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
      saysWhy(await zgodaHere([command, join(dir, 'nowhere')]), /nowhere/)
      saysWhy(await zgodaHere([command, empty], { ZGODA_DATA: join(empty, 'data') }), /no workspace/)
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
  const serveHere = (env: Record<string, string>) => zgodaHere(['serve', 'examples/clinic'], env)
  const good = () => ({ ZGODA_DATABASE_URL: database.url, ZGODA_MASTER_KEY: key })

  it('names the setting that is missing', async () => {
    saysWhy(await serveHere({}), /ZGODA_DATABASE_URL is not set/)
    saysWhy(await serveHere({ ZGODA_DATABASE_URL: database.url }), /ZGODA_MASTER_KEY is not set/)
    const empty = await serveHere({ ...good(), ZGODA_MASTER_KEY_FILE: '', ZGODA_MASTER_KEY: '' })
    saysWhy(empty, /ZGODA_MASTER_KEY is not set/)
  })

  it('names the setting that is wrong, and does not repeat a secret', async () => {
    const wrongs: readonly (readonly [setting: string, wrong: string, why: RegExp])[] = [
      ['ZGODA_MASTER_KEY', 'hidden', /must be 32 bytes/],
      ['ZGODA_SMTP_URL', 'http://u:hidden@h', /begins with smtp/],
      ['ZGODA_ADMIN_PASSWORD', 'hidden', /10 to 200 characters/],
      ['ZGODA_ADMIN_LOGIN', 'a b', /1 to 100 letters/],
      ['ZGODA_HOST', '203.0.113.7', /no address of this machine/],
    ]
    for (const [setting, wrong, why] of wrongs) {
      const ran = await serveHere({ ...good(), [setting]: wrong })
      saysWhy(ran, why)
      expect(ran.err).toContain(setting)
      expect(ran.err).not.toContain('hidden')
    }
  })

  it('names every secret of a webhook that is not set, with the webhook and its place', async () => {
    const folder = await parcelWorkspace('https://courier.example/')
    const ran = await zgodaHere(['serve', folder], good())
    saysWhy(
      ran,
      /COURIER_SECRET \(of the webhook `courier`, parcels\.zgoda:\d+\), COURIER_SECRET \(of the webhook `tracker`/,
    )
    await rm(folder, { recursive: true })
  })

  it('names what is no argument of its, and a folder where a demo can keep nothing', async () => {
    saysWhy(await zgodaHere(['serve', '--port', '80']), /unknown option `--port`/)
    saysWhy(await zgodaHere(['demo', 'one', 'two']), /`two` is one argument too many/)
    saysWhy(await zgodaHere(['demo'], { ZGODA_DATA: '/dev/null/data' }), /`\/dev\/null\/data`.*ZGODA_DATA/)
  })

  it('does not start where Postgres does not let it in, or has no such database', async () => {
    const url = new URL(database.url)
    url.password = 'wrong-password'
    const ran = await serve({ ...good(), ZGODA_DATABASE_URL: url.href })
    saysWhy(ran, /user name and password in ZGODA_DATABASE_URL/)
    expect(ran.err).not.toContain('wrong-password')
    const missing = new URL(database.url)
    missing.pathname = 'no_such_database'
    saysWhy(await serve({ ...good(), ZGODA_DATABASE_URL: missing.href }), /ZGODA_DATABASE_URL names does not exist/)
  })

  it('waits for a Postgres that is not there, and says so', async () => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    nobody.close()
    await once(nobody, 'close')
    const child = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'serve', 'examples/clinic'], {
      env: {
        PATH: process.env.PATH ?? '',
        ZGODA_MASTER_KEY: key,
        ZGODA_DATABASE_URL: `postgres://zgoda:hidden@127.0.0.1:${port}/zgoda`,
      },
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    let said = ''
    for await (const chunk of child.stderr) {
      said += chunk
      if (said.split('trying again').length > 2) break
    }
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(said).toContain('the database does not answer yet')
    expect(said).not.toContain('hidden')
  })

  it('does not start on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    saysWhy(await serve({ ...good(), ZGODA_PORT: String(port) }), new RegExp(`port ${port}`))
    other.close()
  })

  it('does not start with another master key than the database was made with, and starts with that one', async () => {
    const own = await testDatabase()
    const started = async () => (await startChild('examples/clinic', { ...good(), ZGODA_DATABASE_URL: own.url })).stop()
    expect(await started()).toBe(0)
    const another = await serve({ ...good(), ZGODA_DATABASE_URL: own.url, ZGODA_MASTER_KEY: 'b'.repeat(64) })
    saysWhy(another, /ZGODA_MASTER_KEY is not the key that this database was made with/)
    expect(await started()).toBe(0)
    await query(own, "insert into knex_migrations (name, batch, migration_time) values ('999_future', 9, now())")
    const newer = await serve({ ...good(), ZGODA_DATABASE_URL: own.url, ZGODA_MASTER_KEY: 'b'.repeat(64) })
    saysWhy(newer, /ZGODA_MASTER_KEY/)
    expect((await query(own, 'select value from vault.master_check')).map(({ value }) => value.length)).toEqual([32])
    await own.close()
  })

  it('does not start on a database that a newer version has made', async () => {
    await query(database, "insert into knex_migrations (name, batch, migration_time) values ('999_future', 9, now())")
    saysWhy(await serve(good()), /newer version/)
  })
})
