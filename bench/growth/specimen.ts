import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { readDefinition } from '../../runtime/cli/workspace.ts'
import { systemClock } from '../../runtime/clock.ts'
import { createLog } from '../../runtime/log.ts'
import { startServer } from '../../runtime/main.ts'
import { startMailSandbox } from '../../runtime/sandbox/index.ts'
import { clerk, masterKey } from '../moves/credentials.ts'
import { signIn } from '../moves/drive.ts'

/** What a case and its client are made of, by table; the first half is the client's. */
export const tables = [
  'clients',
  'vault.keys',
  'vault.values',
  'vault.lookups',
  'cases',
  'history',
  'letters',
  'vault.letters',
] as const

/** Rows as Postgres writes them in text, by column. */
export type Row = Readonly<Record<string, string | null>>

/** One case with its client, as the product has written them. */
export interface Specimen {
  readonly caseId: string
  readonly clientId: string
  readonly rows: Readonly<Record<(typeof tables)[number], readonly Row[]>>
}

export const specimenName = 'Specimen Person'
export const specimenEmail = 'specimen@client.example'
export const workspace = new URL('.', import.meta.url).pathname

const ways = { packing: [], shipping: ['shipping'], done: ['done'] } as const

export type Specimens = Readonly<Record<keyof typeof ways, Specimen>>

/** Has a server make a case for each stage, with a client's card and letters that go out, and reads what it has stored. */
export async function specimens(url: string, folder: string): Promise<Specimens> {
  const definition = await readDefinition(workspace)
  if (!definition) throw new Error('the workspace of this bench has mistakes')
  const log = createLog('warn')
  const sandbox = await startMailSandbox({ dataDir: join(folder, 'mail'), companyAddress: 'office@bench.example', log })
  const server = await startServer({
    definition,
    databaseUrl: url,
    masterKey,
    host: '127.0.0.1',
    port: 0,
    admin: clerk,
    mail: { smtpUrl: sandbox.smtpUrl, imapMailbox: 'INBOX', from: 'office@bench.example' },
    clock: systemClock,
    log,
  })
  const db = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: unknown) => text } as never })
  try {
    await db.connect()
    const cookie = await signIn(server.port)
    const made: Partial<Record<keyof Specimens, Specimen>> = {}
    for (const [stage, way] of Object.entries(ways)) {
      const ids = await make(server.port, cookie, way)
      await sent(db)
      made[stage as keyof Specimens] = await read(db, ids)
    }
    return made as Specimens
  } finally {
    await db.end()
    await server.stop()
    await sandbox.stop()
  }
}

type Ids = Pick<Specimen, 'caseId' | 'clientId'>

async function make(port: number, cookie: string, way: readonly string[]): Promise<Ids> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} is refused: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  const card = { name: specimenName, email: specimenEmail, phone: '+48 600 100 200' }
  const { id: clientId } = await post('/clients', card)
  const fields = { item: 'tulips', price: '12.50', email: specimenEmail }
  const { id: caseId } = await post('/cases', { process: 'order', client: clientId, fields })
  for (const to of way) await post(`/cases/${caseId}/moves`, { to })
  return { caseId, clientId }
}

async function sent(db: pg.Client): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    const { rows } = await db.query("select 1 from letters where status <> 'sent'")
    if (rows.length === 0) return
    if (Date.now() > until) throw new Error('the letters of the specimens did not go out')
    await pause(20)
  }
}

async function read(db: pg.Client, { caseId, clientId }: Ids): Promise<Specimen> {
  const rows: Partial<Record<(typeof tables)[number], Row[]>> = {}
  for (const table of tables) {
    const isClients = tables.indexOf(table) < tables.indexOf('cases')
    const found = await db.query<Row>(`select * from ${table} where ${isClients ? 'client_id' : 'case_id'} = $1`, [
      isClients ? clientId : caseId,
    ])
    if (found.rows.length === 0) throw new Error(`the specimen has left nothing in ${table}`)
    rows[table] = found.rows
  }
  return { caseId, clientId, rows: rows as Specimen['rows'] }
}
