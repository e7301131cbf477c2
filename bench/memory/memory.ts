import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { freePort } from '../../test/free-port.ts'
import { inText } from '../check/workspace.ts'
import { clerk, masterKey } from '../moves/credentials.ts'
import { prepareMoves } from '../moves/drive.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult, Setting } from '../result.ts'

const processes = 1_000
const moves = 100_000

/** Of all moves, when to look. */
const parts = [0.2, 0.6, 1]

/** Milliseconds without anything asked, before memory is read. */
const rest = 10_000

/**
 * Resident memory of `zgoda serve` on a workspace of a thousand processes: idle, and after moves of 2,000 cases, each of which writes
 * a letter that goes out. `--processes=` and `--moves=` make it smaller, `--heap=` bounds V8's old space, in MB. A move that is refused or not in the log fails the bench.
 */
export function bench(_seconds: number, setting: Setting): Promise<BenchResult> {
  const wanted = Number(setting('moves') ?? moves)
  return onPostgres(async ({ url }, folder) => {
    const workspace = await writeWorkspace(join(folder, 'workspace'), Number(setting('processes') ?? processes))
    const sink = await startSink()
    const node = await serve(workspace, url, sink.port, setting('heap'))
    try {
      await pause(rest)
      const idle = residentOf(node.pid)
      process.stderr.write(`idle: ${Math.round(idle)} MB, at most before: ${Math.round(peakOf(node.pid))} MB\n`)
      const drive = await prepareMoves([node.port], url)
      const figures: Record<string, number> = { 'idle, MB': idle }
      const after: number[] = []
      let made = 0
      for (const part of parts) {
        while (made < wanted * part) {
          const { requests, failures } = await drive(2)
          if (failures > 0) throw new Error(`${failures} moves were refused`)
          made += requests
        }
        await pause(rest)
        after.push(residentOf(node.pid))
        figures[`after ${Math.round(wanted * part)} moves, MB`] = after.at(-1) ?? Number.NaN
      }
      figures['moves made'] = made
      figures['most of all, MB'] = peakOf(node.pid)
      return {
        bench: 'memory',
        figures,
        ratios: { 'after the first part': (after.at(-1) ?? Number.NaN) / (after[0] ?? Number.NaN) },
      }
    } finally {
      await node.stop()
      await sink.stop()
    }
  })
}

/** Generated processes, and that of `moves` among them. */
async function writeWorkspace(folder: string, count: number): Promise<string> {
  await mkdir(folder)
  for (const { name, text } of inText(count)) await writeFile(join(folder, name), text)
  const text = await readFile(new URL('../moves/workspace.zgoda', import.meta.url), 'utf8')
  await writeFile(join(folder, 'moves.zgoda'), text.slice(text.indexOf('letter moved')))
  return folder
}

/** Takes every letter, and keeps none. */
async function startSink(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => stream.on('end', () => done()).resume(),
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  return { port, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function serve(workspace: string, url: string, smtpPort: number, heap: string | undefined) {
  const port = await freePort()
  const bounds = heap === undefined ? [] : [`--max-old-space-size=${heap}`, '--max-semi-space-size=8']
  const zgoda = new URL('../../runtime/cli/zgoda.ts', import.meta.url).pathname
  const node = spawn(process.execPath, [...bounds, zgoda, 'serve', workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ZGODA_DATABASE_URL: url,
      ZGODA_MASTER_KEY: masterKey,
      ZGODA_HOST: '127.0.0.1',
      ZGODA_PORT: String(port),
      ZGODA_ADMIN_LOGIN: clerk.login,
      ZGODA_ADMIN_PASSWORD: clerk.password,
      ZGODA_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      ZGODA_LOG: 'warn',
    },
  })
  const ended = once(node, 'exit')
  if (!(await Promise.race([once(node.stdout, 'data'), ended.then(() => undefined)])) || node.exitCode !== null)
    throw new Error('the server did not start')
  return {
    port,
    pid: node.pid ?? 0,
    stop: async () => {
      node.kill('SIGTERM')
      await ended
    },
  }
}

/** Megabytes, of a million bytes. */
function residentOf(pid: number): number {
  return memoryOf(pid, 'VmRSS')
}

function peakOf(pid: number): number {
  return memoryOf(pid, 'VmHWM')
}

function memoryOf(pid: number, what: string): number {
  const kibibytes = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}
