import { readConfig } from '../config.ts'
import { rotateMasterKey } from '../key-rotation.ts'
import { needed } from './needed.ts'
import { readArguments, UsageError } from './usage.ts'

export const help = `zgoda key rotate [--end-links]

Puts another master key in place of the one so far: every client's key is wrapped anew, and the old master key opens
nothing of the database any more. Stop every server first; a run that was cut short is ended by running it again.
Settings: ZGODA_DATABASE_URL, ZGODA_MASTER_KEY (so far) and ZGODA_NEW_MASTER_KEY, or the two with _FILE.

Answers to letters sent before still count, and links in them still lead to the portal; --end-links ends those links, for a
key that others may have seen. Backups made before open with the old key alone: keep it as long as you keep them.

Exits with 0, or with 2 where it could not be done.`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { 'end-links': { type: 'boolean', default: false } }, 1)
  if (positionals[0] !== 'rotate') throw new UsageError('say what to do with it: `zgoda key rotate`')
  const config = readConfig()
  const databaseUrl = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database whose master key changes')
  const from = needed(config.masterKey, 'ZGODA_MASTER_KEY', 'the master key so far')
  const to = needed(config.newMasterKey, 'ZGODA_NEW_MASTER_KEY', '`openssl rand -hex 32` makes one')
  const rotated = await rotateMasterKey({ databaseUrl, from, to, endLinks: values['end-links'], progress })
  process.stdout.write(rotated ? outcome(rotated) : 'The new master key is in place already; nothing was left to do.\n')
  return 0
}

function outcome({ keys, linksEnded }: { readonly keys: number; readonly linksEnded: boolean }): string {
  const links = linksEnded
    ? 'Links in letters sent before have ended; a new letter or a code brings a client in.\n'
    : ''
  return `${keys} keys are wrapped anew, and the old master key opens nothing here any more.
${links}Set ZGODA_MASTER_KEY to the new key before you start the server. Keep the old key as long as you keep backups made under it.
`
}

/** Only where somebody watches. */
function progress(keys: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${keys} keys`)
}
