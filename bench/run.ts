import type { BenchResult, Setting } from './result.ts'

const benches: Readonly<
  Record<string, () => Promise<{ bench(seconds: number, setting: Setting): Promise<BenchResult> }>>
> = {
  check: () => import('./check/check.ts'),
  decide: () => import('./decide/decide.ts'),
  expressions: () => import('./expressions/expressions.ts'),
  growth: () => import('./growth/growth.ts'),
  keystroke: () => import('./keystroke/keystroke.ts'),
  mail: () => import('./mail/mail.ts'),
  memory: () => import('./memory/memory.ts'),
  moves: () => import('./moves/moves.ts'),
  start: () => import('./start/start.ts'),
  nodes: () => import('./nodes/nodes.ts'),
  replication: () => import('./replication/replication.ts'),
  scenarios: () => import('./scenarios/scenarios.ts'),
  size: () => import('./size/size.ts'),
  timers: () => import('./timers/timers.ts'),
}

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('-'))
const setting: Setting = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const seconds = Number(setting('seconds') ?? 10)
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const load = benches[name]
  if (!load) {
    process.stderr.write(`there is no bench \`${name}\`; there are: ${Object.keys(benches).join(', ')}\n`)
    process.exit(2)
  }
  const result = await (await load()).bench(seconds, setting).catch(giveUp)
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
  else print(result)
}

/** A bench without what it compares with measures nothing. */
function giveUp(error: unknown): never {
  if (!(error instanceof Error && error.name === 'NoPeers')) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}

function print({ bench, figures, ratios }: BenchResult): void {
  process.stdout.write(`\n${bench}\n`)
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name.padEnd(34)} ${round(value)}\n`)
  for (const [name, value] of Object.entries(ratios))
    process.stdout.write(`  ratio to ${name.padEnd(25)} ${round(value)}\n`)
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
