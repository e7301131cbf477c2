import { execFile } from 'node:child_process'
import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Ends a server that still runs on this cluster though nobody owns it: its parent was killed a moment ago. Call it while
 * holding the folder's lock. Its sessions end and their open transactions roll back, so nothing of the dead parent acts on.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const pid = await serverPid(cluster)
  if (pid === undefined || !(await runsOn(pid, cluster))) return
  const signals = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const
  for (const signal of signals) {
    signalTo(pid, signal)
    const until = Date.now() + 15_000
    while (Date.now() < until) {
      if (!(await runsOn(pid, cluster))) return
      await pause(20)
    }
  }
  throw new Error(
    `a Postgres server (process ${pid}) still runs on \`${cluster}\` and cannot be stopped: stop it, then start again`,
  )
}

/** The first line of postmaster.pid. */
async function serverPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 1 ? pid : undefined
}

/** Whether that process is alive and is a server of this cluster, not another that was given its number. */
async function runsOn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
    return folder !== undefined && folder === (await realpath(cluster).catch(() => cluster))
  }
  if (process.platform === 'win32') return false
  const command = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return command.stdout.includes(cluster)
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile, or is another user's: the check that follows tells.
  }
}
