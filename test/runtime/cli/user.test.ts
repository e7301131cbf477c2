import { execFile } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { type TestServer, testServer } from '../../server.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function zgoda(url: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', ZGODA_DATABASE_URL: url }
    const child = execFile(process.execPath, ['runtime/cli/zgoda.ts', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end(input)
  })
}

describe('zgoda user add', () => {
  let shop: TestServer
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    shop = await testServer('florist/text', { databaseUrl: database.url })
  })
  afterAll(async () => {
    await shop?.stop()
    await database?.close()
  })

  const add = (args: readonly string[], input?: string) => zgoda(database.url, ['user', 'add', ...args], input)

  it('prints a password once, with which the person signs in to the running server', async () => {
    const { code, out, err } = await add(['Ewa', '--name', 'Ewa', '--role', 'florist', '--role', 'manager'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [, login = '', password = ''] = /login `(\w+)`, password `([\w-]+)`/.exec(out) ?? []
    expect(login).toBe('ewa')
    const api = await signIn(shop.url, login, password)
    expect((await api.get('/processes')).status).toBe(200)
    expect((await api.get('/processes')).body.items.length).toBeGreaterThan(0)
    await expect(stored('ewa')).resolves.not.toContain(password)
  })

  it('takes a password from its standard input, and does not print it', async () => {
    const { code, out } = await add(['jan', '--role', 'florist', '--password-stdin'], 'a-password-of-his-own\n')
    expect(code).toBe(0)
    expect(out).not.toContain('a-password')
    await signIn(shop.url, 'jan', 'a-password-of-his-own')
  })

  it.each([
    [['eva', '--role', 'florits'], /no role `florits`, did you mean `florist`\?/],
    [['florist', '--role', 'florist'], /login `florist` is taken/],
    [['a b', '--role', 'florist'], /1 to 100 letters/],
    [['eva'], /--role/],
    [[], /say whom to add/],
  ])('refuses %j in words', async (args, why) => {
    const { code, err } = await add(args)
    expect(code).toBe(2)
    expect(err).toMatch(why)
    expect(err).not.toMatch(/\n\s+at /)
  })

  it('refuses a password that is too short', async () => {
    expect((await add(['kim', '--role', 'florist', '--password-stdin'], 'short\n')).err).toMatch(/10 to 200 characters/)
  })

  it('says what to do with a database that no server has made', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query("delete from knex_migrations where name = '007_keyring'")
    const { code, err } = await add(['eva', '--role', 'florist'])
    await client.query("insert into knex_migrations (name, batch, migration_time) values ('007_keyring', 1, now())")
    await client.end()
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(/start the server of this version/) })
  })

  async function stored(login: string): Promise<string> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query('select people::text as row from people where login = $1', [login])
    await client.end()
    return rows[0].row
  }
})
