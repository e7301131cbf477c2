import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import * as doctor from '../../../runtime/cli/doctor.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { examine } from '../../../runtime/doctor/examine.ts'
import type { Finding } from '../../../runtime/doctor/finding.ts'
import { createLog } from '../../../runtime/log.ts'
import { type MailSandbox, startMailSandbox } from '../../../runtime/sandbox/index.ts'
import { masterKey } from '../../../runtime/vault/master-key.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { printed } from './printed.ts'

const workspace = 'examples/florist/text'
const key = 'a'.repeat(64)
const noDns = async () => Promise.reject(Object.assign(new Error('hidden'), { code: 'ENOTFOUND' }))

let folder: string
let database: TestDatabase
let sandbox: MailSandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zgoda-doctor-'))
  database = await testDatabase()
  sandbox = await startMailSandbox({ dataDir: folder, companyAddress: 'a@b.example', log: createLog('silent') })
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await sandbox?.stop()
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

function settings(more: Record<string, string | undefined> = {}): void {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('ZGODA_'))) vi.stubEnv(name, undefined)
  const all = {
    ZGODA_DATABASE_URL: database.url,
    ZGODA_MASTER_KEY: key,
    ZGODA_SMTP_URL: sandbox.smtpUrl,
    ZGODA_IMAP_URL: sandbox.imapUrl,
    ZGODA_URL: 'https://office.example',
    ZGODA_DATA: folder,
    ...more,
  }
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value)
}

async function found(
  more: Record<string, string | undefined> = {},
  { clock = systemClock, dir = workspace, resolveTxt = noDns as () => Promise<string[][]> } = {},
): Promise<Finding[]> {
  settings(more)
  return examine(dir, { clock, resolveTxt })
}

const of = (findings: readonly Finding[], part: string) => findings.filter((one) => one.part === part)
const bads = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'bad')

async function query(text: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(text, values).finally(() => client.end())
}

describe('zgoda doctor', () => {
  it('finds nothing bad in a sound installation, and says what stands', async () => {
    const findings = await found()
    // The tests’ Postgres runs without fsync, for speed.
    expect(bads(findings).map(({ says }) => says)).toEqual([expect.stringContaining('`fsync`')])
    const says = findings.map(({ part, says }) => `${part}: ${says}`).join('\n')
    expect(says).toMatch(/database: Postgres 1\d\.\d+ answers/)
    expect(says).toMatch(/schema: all \d+ migrations are in/)
    expect(says).toMatch(/letters: the mail server lets us in/)
    expect(says).toMatch(/mailbox: opens, with \d+ messages/)
    expect(says).toMatch(/mailbox: .*plus-address/)
    expect(says).toMatch(/address: `https:\/\/office\.example`/)
  })

  it('changes nothing in the database', async () => {
    await found()
    await expect(query('select value from vault.master_check')).resolves.toBeUndefined()
    const [kept] = of(await found(), 'master key')
    expect(kept?.says).toContain('the first start will make')
  })

  it('tells a master key that is none, and one of another database', async () => {
    expect(of(await found({ ZGODA_MASTER_KEY: 'hidden' }), 'master key')[0]).toMatchObject({ state: 'bad' })
    await query('insert into vault.master_check (value) values ($1)', [masterKey('b'.repeat(64)).check])
    expect(of(await found(), 'master key')[0]).toMatchObject({
      state: 'bad',
      says: expect.stringContaining('not the key'),
    })
    expect(of(await found({ ZGODA_MASTER_KEY: 'b'.repeat(64) }), 'master key')[0]).toMatchObject({ state: 'good' })
    await query('delete from vault.master_check')
  })

  it('tells a schema that is newer or older than this program', async () => {
    await query("insert into knex_migrations (name, batch, migration_time) values ('999_future', 9, now())")
    expect(of(await found(), 'schema')[0]).toMatchObject({ state: 'bad', says: expect.stringContaining('newer') })
    await query("delete from knex_migrations where name = '999_future'")
    await query("update knex_migrations set name = 'x' || name where name = '001_cases'")
    await query("delete from knex_migrations where name like 'x%'")
    expect(of(await found(), 'schema')[0]).toMatchObject({ state: 'note', says: '001_cases missing' })
    await query("insert into knex_migrations (name, batch, migration_time) values ('001_cases', 1, now())")
  })

  it('tells a clock that goes wrong', async () => {
    const late = { now: () => new Date(Date.now() - 60_000).toISOString() }
    const [clock] = of(await found({}, { clock: late }), 'clock')
    expect(clock).toMatchObject({ state: 'bad', says: expect.stringMatching(/^(60|59|61)\.\d s behind/) })
  })

  it.each([
    ['ZGODA_DATABASE_URL', 'postgres://u:hidden@127.0.0.1:1/d', 'database', /ECONNREFUSED/],
    ['ZGODA_SMTP_URL', 'smtp://u:hidden@127.0.0.1:1', 'letters', /mail server/],
    ['ZGODA_IMAP_URL', 'imap://u:hidden@127.0.0.1:1', 'mailbox', /can not be reached/],
    ['ZGODA_IMAP_MAILBOX', 'Elsewhere', 'mailbox', /no such mailbox/],
    ['ZGODA_URL', 'http://office.example', 'address', /not https/],
    ['ZGODA_PORT', 'hidden', 'settings', /ZGODA_PORT/],
  ])('tells %s as `%s`, with what to do', async (name, value, part, why) => {
    const [finding] = bads(of(await found({ [name]: value }), part))
    expect(finding?.says).toMatch(why)
    expect(finding?.todo).toBeTruthy()
  })

  it('tells a folder without a workspace', async () => {
    expect(of(await found({}, { dir: folder }), 'workspace')[0]).toMatchObject({ state: 'bad' })
  })

  it('tells a webhook whose secret is not set', async () => {
    const dir = await mkdtemp(join(folder, 'hook-'))
    const text =
      'company "Shop" {\n  email "a@b.example"\n}\nwebhook tax { url "https://tax.example" secret TAX_SECRET }\n'
    await writeFile(join(dir, 'w.zgoda'), text)
    const [missing] = of(await found({}, { dir }), 'webhooks')
    expect(missing).toMatchObject({ state: 'bad', says: expect.stringContaining('TAX_SECRET') })
    const [there] = of(await found({ TAX_SECRET: 'hidden-secret' }, { dir }), 'webhooks')
    expect(there).toMatchObject({ state: 'good' })
    expect(JSON.stringify(there)).not.toContain('hidden-secret')
  })

  it('holds the DKIM key against what the DNS says of it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = join(folder, 'dkim.pem')
    await writeFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    const dkim = { ZGODA_DKIM_DOMAIN: 'b.example', ZGODA_DKIM_SELECTOR: 'zgoda', ZGODA_DKIM_KEY_FILE: file }
    const p = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    const [missing] = of(await found(dkim), 'dkim')
    expect(missing).toMatchObject({ state: 'bad', todo: expect.stringContaining(`p=${p}`) })
    const asked: unknown[] = []
    const published = (text: string) => ({
      resolveTxt: async (...names: unknown[]) => {
        asked.push(...names)
        return [[text.slice(0, 100), text.slice(100)]]
      },
    })
    expect(of(await found(dkim, published(`v=DKIM1; k=rsa; p=${p}`)), 'dkim')[0]).toMatchObject({ state: 'good' })
    expect(of(await found(dkim, published('v=DKIM1; p=AAAA')), 'dkim')[0]).toMatchObject({ state: 'bad' })
    expect(asked).toEqual(['zgoda._domainkey.b.example', 'zgoda._domainkey.b.example'])
  })

  it('tells a file of secrets that others may read', async () => {
    const file = join(folder, 'key')
    await writeFile(file, key, { mode: 0o600 })
    const own = { ZGODA_MASTER_KEY: undefined, ZGODA_MASTER_KEY_FILE: file }
    expect(bads(of(await found(own), 'secrets'))).toEqual([])
    await chmod(file, 0o644)
    expect(bads(of(await found(own), 'secrets'))[0]?.todo).toContain(`chmod 600 ${file}`)
  })

  it('prints no secret in either format, and exits by whether something is bad', async () => {
    const url = new URL(database.url)
    url.password = 'a-wrong-password'
    settings({ ZGODA_DATABASE_URL: url.href, ZGODA_SMTP_URL: 'smtp://user:hidden-one@127.0.0.1:1' })
    const text = await printed(doctor.run, workspace)
    const json = await printed(doctor.run, workspace, '--format', 'json')
    for (const { code, out } of [text, json]) {
      expect(code).toBe(1)
      for (const secret of [key, 'a-wrong-password', 'hidden-one']) expect(out).not.toContain(secret)
    }
    const { findings, counts } = JSON.parse(json.out)
    expect(counts.bad).toBe(bads(findings).length)
    expect(text.out).toMatch(/things are bad\./)
  })
})
