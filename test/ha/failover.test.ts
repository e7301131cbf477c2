import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../runtime/log.ts'
import { type MailSandbox, startMailSandbox } from '../../runtime/sandbox/index.ts'
import { wayTo } from '../../runtime/store/primary.ts'
import { type Api, apiOf, signIn } from '../api.ts'
import { type ChildServer, startChild } from '../child-server.ts'
import { eventually } from '../eventually.ts'
import { serveRouter } from '../sandbox-pages.ts'
import type { SandboxLetter } from '../server.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { Movers } from './movers.ts'

const admin = { login: 'admin', password: 'a-password-for-tests' }
const people = 8

describe('a server on three Postgres under Patroni, one synchronous', () => {
  let cluster: Cluster
  let folder: string
  let mail: MailSandbox
  let pages: { readonly url: string; readonly server: Server }
  let child: ChildServer
  let api: Api
  let movers: Movers
  let caseIds: string[]

  beforeAll(async () => {
    cluster = await startCluster()
    folder = await mkdtemp(join(tmpdir(), 'zgoda-ha-mail-'))
    const companyAddress = 'office@failover.example'
    mail = await startMailSandbox({ dataDir: folder, companyAddress, log: createLog('silent') })
    pages = await serveRouter(mail.router)
    child = await startChild('test/ha/workspace', {
      ZGODA_LOG: 'fatal',
      ZGODA_DATABASE_URL: cluster.url,
      ZGODA_MASTER_KEY: 'e'.repeat(64),
      ZGODA_ADMIN_LOGIN: admin.login,
      ZGODA_ADMIN_PASSWORD: admin.password,
      ZGODA_SMTP_URL: mail.smtpUrl,
    })
    api = await signIn(child.url, admin.login, admin.password)
    caseIds = []
    for (let person = 0; person < people; person++) caseIds.push(await order())
    movers = new Movers(api)
    movers.start(caseIds)
  }, 300_000)
  afterAll(async () => {
    await movers?.stop()
    await child?.stop()
    pages?.server.close()
    await mail?.stop()
    await cluster?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  }, 120_000)

  async function order(email?: string): Promise<string> {
    const client = email === undefined ? undefined : (await api.post('/clients', { email })).body.id
    const answer = await api.post('/cases', {
      process: 'order',
      ...(client ? { client } : {}),
      fields: { item: 'tulips' },
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body.id
  }

  function moreMoves(count: number): Promise<true> {
    const before = movers.acknowledged.length
    return eventually(
      `${count} more moves`,
      async () => {
        expect(movers.odd).toEqual([])
        return movers.acknowledged.length >= before + count
      },
      120,
    )
  }

  /** Orders that are done a moment before the primary is lost: their letters are still to go out. */
  async function doneOrders(round: string): Promise<string[]> {
    const addresses = Array.from({ length: 5 }, (_, index) => `${round}-${index}@client.example`)
    const ids = await Promise.all(addresses.map(order))
    const answers = await Promise.all(ids.map((id) => api.post(`/cases/${id}/moves`, { to: 'done' })))
    for (const { status } of answers) expect(status).toBe(200)
    return addresses
  }

  async function lettersTo(address: string): Promise<SandboxLetter[]> {
    const { body } = await apiOf(pages.url, '').get('/_mail/api/messages')
    return (body as SandboxLetter[]).filter(({ to }) => to.includes(address))
  }

  async function loseAndGoOn(round: string, lose: (leader: string) => Promise<void>): Promise<string> {
    const leader = await cluster.whole()
    await moreMoves(200)
    const addresses = await doneOrders(round)
    const { length: before } = movers.acknowledged
    const refusedBefore = movers.unavailable
    const since = performance.now()
    await lose(leader)
    await eventually('requests to be told to try again', async () => movers.unavailable > refusedBefore, 60)
    await moreMoves(200)
    for (const address of addresses) {
      await eventually(`the letter to ${address}`, async () => (await lettersTo(address)).length > 0, 60)
      expect(new Set((await lettersTo(address)).map(({ headers }) => headers['message-id'])).size).toBe(1)
    }
    const { length: after } = movers.acknowledged
    print(
      round,
      `${before} moves acknowledged before, ${after - before} since; ${movers.unavailable - refusedBefore} answers 503; ` +
        `${movers.longestGap(since).toFixed(1)} s without a move; 5 letters of 5 out`,
    )
    return leader
  }

  async function comesBack(round: string, old: string): Promise<void> {
    const since = performance.now()
    await cluster.startMachine(old)
    const leader = await cluster.whole()
    const standing = await cluster.standing()
    expect(standing.find(({ name }) => name === old)?.role).not.toBe('leader')
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    print(round, `\`${old}\` follows \`${leader}\` ${seconds} s after its start`)
  }

  it('goes on by itself when the primary’s machine is lost, and takes it back as a replica', async () => {
    const old = await loseAndGoOn('machine', cluster.killMachine)
    await comesBack('machine', old)
  }, 300_000)

  it('goes on when the next primary is lost too', async () => {
    const old = await loseAndGoOn('machine-again', cluster.killMachine)
    await comesBack('machine-again', old)
  }, 300_000)

  it('goes on by itself when Postgres alone dies', async () => {
    await loseAndGoOn('postgres', cluster.killPostgres)
    await cluster.whole()
  }, 300_000)

  it('goes on through a planned hand-over', async () => {
    await loseAndGoOn('hand-over', async (leader) => {
      const to = (await cluster.standing()).find(({ role }) => role === 'sync_standby')
      await cluster.switchOver(leader, to?.name ?? '')
    })
    await cluster.whole()
  }, 300_000)

  it('has each acknowledged move in the log once, in order, and nothing half done', async () => {
    await movers.stop()
    expect(movers.odd).toEqual([])
    await cluster.whole()
    const logs = await logsOf(cluster.url)
    for (const caseId of caseIds) {
      const acknowledged = movers.acknowledged.filter((move) => move.caseId === caseId).map(({ to }) => to)
      const { moves, seqs, seq, stage } = logs.get(caseId) as Log
      expect(moves).toEqual(acknowledged)
      expect(stage).toBe(acknowledged.at(-1))
      expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] as number) + index))
      expect(seqs.at(-1)).toBe(seq)
    }
    print(
      'all',
      `${movers.acknowledged.length} moves acknowledged, each in the log once; ${movers.unavailable} answers 503`,
    )
  })
})

interface Log {
  readonly moves: string[]
  readonly seqs: number[]
  readonly seq: number
  readonly stage: string
}

async function logsOf(url: string): Promise<Map<string, Log>> {
  const { Client, connectionString } = wayTo(url)
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<Log & { case_id: string }>(`
      select c.case_id, c.seq, c.stage, array_agg(h.seq order by h.seq) as seqs,
        coalesce(array_agg(h.entry->>'to' order by h.seq) filter (where h.entry->>'type' = 'move'), '{}') as moves
      from cases c join history h using (case_id) group by c.case_id, c.seq, c.stage`)
    return new Map(rows.map((row) => [row.case_id, row]))
  } finally {
    await client.end()
  }
}

function print(round: string, line: string): void {
  process.stdout.write(`  ${round.padEnd(14)} ${line}\n`)
}
