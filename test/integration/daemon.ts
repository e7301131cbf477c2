import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export type Daemon = ChildProcess

/** Starts a server and waits until it takes connections. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  logFile: string,
  port: number,
): Promise<Daemon> {
  const log = await open(logFile, 'a')
  // A group of its own, so that every part of it can be ended.
  const child = spawn(command, [...args], { stdio: ['ignore', log.fd, log.fd], detached: true })
  await log.close()
  const until = Date.now() + 20_000
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > until) {
      await endDaemon(child)
      throw new Error(`${command} did not start:\n${await readFile(logFile, 'utf8')}`)
    }
    await pause(50)
  }
  return child
}

export async function endDaemon(child: Daemon): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGTERM')
  await Promise.race([
    ended,
    pause(5_000, undefined, { ref: false }).then(() => process.kill(-(child.pid as number), 'SIGKILL')),
  ])
  await ended
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy(resolve(true) as undefined))
    socket.once('error', () => resolve(false))
  })
}
