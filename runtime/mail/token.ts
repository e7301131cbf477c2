import { execFile } from 'node:child_process'

/** The command that gives the mailbox's access token gave none. Says nothing of what it printed. */
export class NoToken extends Error {
  override readonly name = 'NoToken'
}

/** Milliseconds that the command may take; bytes that it may print. */
const most = { time: 30_000, bytes: 64 * 1024 }

/**
 * The access token (OAuth 2.0) that a command prints on its standard output, as `oauth2l` and the like do. It is run anew at
 * each connection, since a token lasts an hour; what it prints and why it fails is never repeated: it may hold secrets.
 */
export function tokenFrom(command: string, time = most.time): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: time, killSignal: 'SIGKILL', maxBuffer: most.bytes, windowsHide: true } as const
    execFile('/bin/sh', ['-c', command], options, (error, stdout) => {
      const token = stdout.trim()
      if (error) reject(new NoToken(error.killed ? 'it took too long' : 'it failed'))
      else if (!/^[\x21-\x7e]{1,16384}$/.test(token)) reject(new NoToken('it printed no token'))
      else resolve(token)
    })
  })
}
