import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** `zgoda serve` as a process of its own, which a test may kill. */
export interface ChildServer {
  readonly url: string
  readonly pid: number | undefined
  /** `kill -9`: no word of goodbye. */
  kill(): Promise<void>
  /** Asks it to stop, as a service manager does. */
  stop(): Promise<number | null>
}

export async function startChild(workspace: string, env: Record<string, string>): Promise<ChildServer> {
  const child = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'serve', workspace], {
    env: { PATH: process.env.PATH ?? '', ZGODA_LOG: 'error', ZGODA_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await address(child)
  const ended = once(child, 'exit')
  return {
    url,
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const url = /running at (\S+)/.exec(text)?.[1]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened: ${text}`)))
  })
}
