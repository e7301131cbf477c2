import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { bad, type Finding, good, note } from './finding.ts'

const gigabyte = 1024 ** 3

/** Where people and clients find the server. */
export function examineAddress({ url, host }: Config): Finding {
  const here = host === 'localhost' || host === '::1' || host.startsWith('127.')
  if (!url) {
    const says = 'ZGODA_URL is not set: links in letters lead to this machine alone'
    return note('address', says, 'set it to the public address, such as `https://office.example`')
  }
  if (url.startsWith('https:')) return good('address', `\`${url}\``)
  const local = /^http:\/\/(localhost|127\.|\[::1\])/.test(url)
  if (local && here) return note('address', `\`${url}\` is for this machine alone`, 'nothing, for a trial')
  const says = '`ZGODA_URL` is not https: passwords and personal data cross the network in the clear'
  return bad('address', says, 'put a proxy with a certificate in front, and set ZGODA_URL to its https address')
}

/** The folder that the demo keeps its database in: whether it can be written, and how much room there is. */
export async function examineData({ dataDir }: Config): Promise<Finding[]> {
  const folder = resolve(dataDir)
  const present = await stat(folder).catch(() => undefined)
  if (present && !present.isDirectory()) {
    return [bad('data', `\`${dataDir}\` is no folder`, 'name a folder with ZGODA_DATA')]
  }
  const place = present ? folder : dirname(folder)
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) {
    return [note('data', `the demo can keep nothing in \`${dataDir}\``, 'name a folder of your own with ZGODA_DATA')]
  }
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const room = `${(free / gigabyte).toFixed(1)} GB free at \`${dataDir}\``
  if (free < gigabyte) return [note('data', room, 'make room: a full disk stops a database')]
  return [good('data', `${room}, where the demo keeps its database`)]
}

/** Files that hold secrets are for their owner alone. */
export async function examineSecretFiles(files: readonly string[]): Promise<Finding[]> {
  if (process.platform === 'win32') return []
  const found: Finding[] = []
  for (const file of files) {
    const present = await stat(file).catch(() => undefined)
    if (!present) continue
    if ((present.mode & 0o077) === 0) found.push(good('secrets', `\`${file}\` is for its owner alone`))
    else found.push(bad('secrets', `others on this machine may read \`${file}\``, `\`chmod 600 ${file}\``))
  }
  return found
}
