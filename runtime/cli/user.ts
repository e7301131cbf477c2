import { text } from 'node:stream/consumers'
import { everyRole } from '../cases/rights.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { generatePassword, People } from '../identity/index.ts'
import { createLog } from '../log.ts'
import type { Database } from '../store/database.ts'
import { identityStore } from '../store/people.ts'
import { latestDefinition } from '../store/versions.ts'
import { needed } from './needed.ts'
import { onPreparedDatabase } from './on-database.ts'
import { readArguments, short, suggestion, UsageError } from './usage.ts'

export const help = `zgoda user add LOGIN [--name NAME] --role ROLE … [--password-stdin]

Adds someone who works here to the database in ZGODA_DATABASE_URL, and prints a password made for them, this once; with
--password-stdin the password is the first line of the standard input, and none is printed. \`--role '*'\` is every role.

Exits with 0, or with 2 where it could not be done: the login is taken, or there is no such role.`

const options = {
  name: { type: 'string' },
  role: { type: 'string', multiple: true, default: [] as string[] },
  'password-stdin': { type: 'boolean', default: false },
} as const

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { ...options }, 2)
  const [what, login] = positionals
  if (what !== 'add' || !login) throw new UsageError('say whom to add: `zgoda user add LOGIN --role ROLE`')
  if (values.role.length === 0) throw new UsageError('say what they do here: `--role ROLE`, once for each role')
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database of the server they will sign in to')
  const given = values['password-stdin'] ? firstLine(await text(process.stdin)) : undefined
  const password = given ?? generatePassword()
  const person = await onPreparedDatabase(url, createLog(config.logLevel), async (db) => {
    await refuseUnknown(values.role, db)
    // Nobody signs in here, so no failed try is counted.
    const people = new People(
      identityStore(db.knex, () => Buffer.alloc(0)),
      systemClock,
    )
    return people.addPerson({ login, ...(values.name ? { name: values.name } : {}), password, roles: values.role })
  })
  const secret = given === undefined ? `, password \`${password}\` (shown this once)` : ''
  process.stdout.write(`Added: login \`${person.login}\`${secret}\n`)
  return 0
}

/** Roles are those of the workspace that a server last ran on this database. */
async function refuseUnknown(roles: readonly string[], { pool }: Database): Promise<void> {
  const latest = await latestDefinition(pool)
  if (!latest) return
  const known = [...Object.keys(latest.definition.roles), everyRole]
  for (const role of roles) {
    if (known.includes(role)) continue
    throw new UsageError(
      `the workspace has no role \`${short(role)}\`${suggestion(role, known)} It has ${known.map((name) => `\`${name}\``).join(', ')}`,
    )
  }
}

function firstLine(input: string): string {
  return input.split(/\r?\n/, 1)[0] ?? ''
}
