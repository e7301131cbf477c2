import type { TortureResult } from './torture/result.ts'

interface Torture {
  /** How many rounds it takes to be believed. */
  readonly rounds: number
  load(): Promise<{ torture(rounds: number, seed: number): Promise<TortureResult> }>
}

const tortures: Readonly<Record<string, Torture>> = {
  csv: { rounds: 200_000, load: () => import('./torture/csv.ts') },
  fuzz: { rounds: 200_000, load: () => import('./torture/fuzz.ts') },
  import: { rounds: 10_000, load: () => import('./torture/import.ts') },
  year: { rounds: 1_000, load: () => import('./torture/year.ts') },
  model: { rounds: 3_000, load: () => import('./torture/model.ts') },
  crash: { rounds: 32, load: () => import('./torture/crash.ts') },
  database: { rounds: 36, load: () => import('./torture/database.ts') },
  poison: { rounds: 6, load: () => import('./torture/poison.ts') },
  restore: { rounds: 16, load: () => import('./torture/restore.ts') },
  'mail faults': { rounds: 20, load: () => import('./torture/mail-faults.ts') },
  race: { rounds: 30, load: () => import('./torture/race.ts') },
  withdrawal: { rounds: 1_000, load: () => import('./torture/withdrawal.ts') },
}

const args = process.argv.slice(2)
const option = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const names = args.filter((arg) => !arg.startsWith('-'))
const seed = Number(option('seed') ?? Date.now() % 2 ** 31)
let failed = false
for (const name of names.length > 0 ? names : Object.keys(tortures)) {
  const found = Object.hasOwn(tortures, name) ? tortures[name] : undefined
  if (!found) {
    process.stderr.write(`there is no torture \`${name}\`; there are: ${Object.keys(tortures).join(', ')}\n`)
    process.exit(2)
  }
  const rounds = Number(option('rounds') ?? found.rounds)
  process.stdout.write(`${name}: ${rounds} rounds, seed ${seed}\n`)
  const { figures, failures } = await (await found.load()).torture(rounds, seed)
  for (const [what, count] of Object.entries(figures)) process.stdout.write(`  ${what.padEnd(34)} ${count}\n`)
  for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`)
  process.stdout.write(failures.length > 0 ? `${name} failed\n` : `${name} held\n`)
  failed ||= failures.length > 0
}
process.exitCode = failed ? 1 : 0
