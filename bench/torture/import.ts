import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createLog } from '../../runtime/log.ts'
import { startPostgres } from '../../runtime/sandbox/index.ts'
import type { TortureResult } from './result.ts'

/** The heap that each program may have, in megabytes: the file is larger, and so is what comes of it. */
const clientHeap = 40
const serverHeap = 72
const login = { login: 'admin', password: 'a-password-for-torture' }

/**
 * A file of so many rows and about eight kilobytes each is imported, broken off in the middle, sent again and exported, by
 * programs whose heap is smaller than the file. Every row must be there once.
 */
export async function torture(rounds: number): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-import-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'database'), log: createLog('error') })
  try {
    return await importInto(postgres.url, folder, rounds)
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function importInto(databaseUrl: string, folder: string, rows: number): Promise<TortureResult> {
  const file = join(folder, 'rows.csv')
  const bytes = await writeRows(file, rows)
  const server = program(serverHeap, ['serve', 'bench/torture/desk'], {
    ZGODA_DATABASE_URL: databaseUrl,
    ZGODA_MASTER_KEY: 'd'.repeat(64),
    ZGODA_PORT: '0',
    ZGODA_LOG: 'error',
    ZGODA_ADMIN_LOGIN: login.login,
    ZGODA_ADMIN_PASSWORD: login.password,
  })
  const db = new pg.Client({ connectionString: databaseUrl })
  try {
    const url = await addressOf(server)
    const env = { ZGODA_URL: url, ZGODA_TOKEN: await tokenAt(url) }
    const order = ['import', file, '--process', 'job']
    await db.connect()
    const began = performance.now()
    const first = program(clientHeap, order, env)
    await until(async () => (await casesIn(db)) > rows / 3)
    first.kill('SIGKILL')
    await once(first, 'exit')
    const atBreak = await casesIn(db)
    const [code, said] = await outcome(program(clientHeap, order, env))
    const seconds = (performance.now() - began) / 1000
    const [exportCode, lines] = await outcome(program(clientHeap, ['export', 'cases', '--process', 'job'], env), true)
    const figures = {
      rows,
      'file MB': Math.round(bytes / 1e6),
      'cases when it broke off': atBreak,
      'rows a second': Math.round(rows / seconds),
      'server, most resident MB': await mostResident(server),
    }
    const failures = [
      ...(code === 0 ? [] : [`the import ended with ${code}: ${said.slice(-300)}`]),
      ...(said.includes(', 0 refused') ? [] : [`the import said ${said.slice(-300)}`]),
      ...((await casesIn(db)) === rows ? [] : [`there are ${await casesIn(db)} cases of ${rows} rows`]),
      ...(exportCode === 0 && Number(lines) === rows + 1
        ? []
        : [`the export ended with ${exportCode} and ${lines} lines`]),
    ]
    return { figures, failures }
  } finally {
    await db.end()
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
  }
}

async function writeRows(path: string, rows: number): Promise<number> {
  const file = createWriteStream(path)
  file.write('client.name,client.email,note\n')
  for (let row = 0; row < rows; row += 1) {
    const words = `note ${row} `.repeat(8_000 / `note ${row} `.length)
    if (!file.write(`Name ${row},name${row}@client.example,"${words}"\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
  return file.bytesWritten
}

function program(heap: number, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [`--max-old-space-size=${heap}`, 'runtime/cli/zgoda.ts', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function addressOf(server: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of server.stdout ?? []) {
    text += chunk
    const url = /running at (\S+)/.exec(text)?.[1]
    if (url) return url
  }
  throw new Error(`the server did not start: ${text}`)
}

async function tokenAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(login),
  })
  return /session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''
}

async function casesIn(db: pg.Client): Promise<number> {
  return Number((await db.query('select count(*) as n from cases')).rows[0]?.n)
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const began = Date.now(); !(await look()); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() - began > 300_000) throw new Error('waited five minutes in vain')
  }
}

/** The exit code and what was printed, or how many records of a table. */
async function outcome(child: ChildProcess, counting = false): Promise<[number | null, string]> {
  let text = ''
  let lines = 0
  const ended = once(child, 'exit')
  for await (const chunk of child.stdout ?? []) {
    if (counting) lines += String(chunk).split('\r\n').length - 1
    else text += chunk
  }
  return [(await ended)[0] as number | null, counting ? String(lines) : text]
}

/** What Linux says the process held at most; 0 elsewhere. */
async function mostResident({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}
