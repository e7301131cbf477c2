import { createHash } from 'node:crypto'
import { mkdir, realpath, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperatorError } from '../operator-error.ts'

/**
 * Holds a folder for this process alone and returns the function that lets go of it. The lock is a local socket named
 * for the folder, so the system drops it with the process, however that ended. Throws a sentence where another holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const name = `zgoda-${createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32)}`
  const address = socketAddress(name)
  const server = (await listen(address)) ?? ((await clearStale(address)) ? await listen(address) : undefined)
  if (!server) {
    throw new OperatorError(
      `\`${folder}\` is in use by another running demo: stop that one, or choose another folder with ZGODA_DATA`,
    )
  }
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** Linux and Windows have names that vanish with their owner; elsewhere it is a file that may be left behind. */
function socketAddress(name: string): string {
  if (process.platform === 'linux') return `\0${name}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  return join(tmpdir(), `${name}.sock`)
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(address, () => resolve(server))
  })
}

/** Removes a socket file that nobody listens on any more. */
function clearStale(address: string): Promise<boolean> {
  if (process.platform === 'linux' || process.platform === 'win32') return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () =>
      unlink(address).then(
        () => resolve(true),
        () => resolve(false),
      ),
    )
  })
}
