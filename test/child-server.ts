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
  const { listening, ...child } = spawnChild(workspace, env)
  return { ...child, url: await listening }
}

/** One that may be killed before it listens. `errors` gets what it says on its standard error, which else is shown. */
export function spawnChild(
  workspace: string,
  env: Record<string, string>,
  { args = [], errors }: { readonly args?: readonly string[]; readonly errors?: (text: string) => void } = {},
): Omit<ChildServer, 'url'> & { readonly listening: Promise<string> } {
  const child = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'serve', workspace, ...args], {
    env: { PATH: process.env.PATH ?? '', ZGODA_LOG: 'error', ZGODA_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', errors ? 'pipe' : 'inherit'],
  })
  if (errors) child.stderr?.on('data', (chunk: Buffer) => errors(chunk.toString()))
  const ended = once(child, 'exit')
  return {
    listening: address(child),
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
