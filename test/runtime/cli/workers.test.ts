import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChildServer, startChild } from '../../child-server.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { eventually } from '../../eventually.ts'

describe('zgoda serve with ZGODA_NODES', () => {
  let database: TestDatabase
  let env: Record<string, string>
  let child: ChildServer | undefined

  beforeAll(async () => {
    database = await testDatabase()
    env = {
      ZGODA_DATABASE_URL: database.url,
      ZGODA_MASTER_KEY: 'a'.repeat(64),
      ZGODA_NODES: '2',
      ZGODA_LOG: 'silent',
    }
  })
  afterAll(async () => {
    await child?.kill()
    await database?.close()
  })

  const workers = async (): Promise<number[]> => {
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(child?.pid)]).catch(() => ({ stdout: '' }))
    return stdout.split('\n').filter(Boolean).map(Number)
  }
  const both = () =>
    eventually('two workers', async () => {
      const pids = await workers()
      return pids.length === 2 && pids
    })

  it('shares one port between workers, starts one that dies again, and ends all of them when asked', async () => {
    child = await startChild('examples/clinic', env)
    const before = await both()
    const [killed = 0] = before
    process.kill(killed, 'SIGKILL')
    await eventually('another in its place', async () => {
      const pids = await workers()
      return pids.length === 2 && !pids.includes(killed)
    })
    const { url } = child
    await eventually('an answer', () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    expect(await child.stop()).toBe(0)
    await expect(fetch(`${url}/readyz`)).rejects.toThrow()
    child = undefined
  })

  it('leaves no worker behind where the process that started them is killed', async () => {
    child = await startChild('examples/clinic', env)
    const pids = await both()
    await child.kill()
    child = undefined
    await eventually('the workers to end', async () => pids.every((pid) => !alive(pid)))
  })

  it('says once why it can not start, and ends', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const settings = { PATH: process.env.PATH ?? '', ...env, ZGODA_PORT: String((taken.address() as AddressInfo).port) }
    const args = ['runtime/cli/zgoda.ts', 'serve', 'examples/clinic']
    const ran = promisify(execFile)(process.execPath, args, { env: settings, timeout: 30_000 })
    const { code, stderr } = await ran.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    )
    taken.close()
    expect(code).toBe(2)
    expect(stderr.match(/is taken by another program/g)).toHaveLength(1)
  })
})

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
