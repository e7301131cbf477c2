#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { short, suggestion } from './usage.ts'

/** A command: what `--help` says, and what it does. Answers its exit code: 0 good, 1 the answer is no, 2 could not run. */
interface Command {
  readonly help: string
  run(args: string[]): Promise<number>
}

interface Listed {
  readonly does: string
  load(): Promise<Command>
}

/** Every command; each lives in a file of its own, loaded only when it is called. */
const commands: Readonly<Record<string, Listed>> = {
  apply: { does: 'makes a workspace run on a server', load: () => import('./apply.ts') },
  audit: { does: 'says whether what was written down of what happened still stands', load: () => import('./audit.ts') },
  check: { does: 'reports everything that is wrong with a workspace', load: () => import('./check.ts') },
  convert: { does: 'prints a file in the other notation', load: () => import('./convert.ts') },
  demo: { does: 'runs the server with everything embedded', load: () => import('./demo.ts') },
  doctor: { does: 'says what is wrong with an installation, and what to do', load: () => import('./doctor.ts') },
  explain: {
    does: 'tells the rule behind a code, with a wrong and a right example',
    load: () => import('./explain.ts'),
  },
  export: {
    does: 'writes cases as a table, or what must be kept apart from backups',
    load: () => import('./export.ts'),
  },
  fmt: { does: 'lays the files of a workspace out', load: () => import('./fmt.ts') },
  graph: { does: 'draws the processes of a workspace', load: () => import('./graph.ts') },
  import: { does: 'makes clients and cases of a table', load: () => import('./import.ts') },
  key: { does: 'puts another master key in place of the one so far', load: () => import('./key.ts') },
  lsp: { does: 'is a language server for editors', load: () => import('./lsp.ts') },
  mail: { does: 'says what the receiver makes of a message and why', load: () => import('./mail.ts') },
  new: { does: 'writes a starter workspace', load: () => import('./new.ts') },
  plan: { does: 'says what would change on a server', load: () => import('./plan.ts') },
  report: { does: 'reports how a workspace keeps the law', load: () => import('./report.ts') },
  restore: { does: 'erases again whom a restored backup brought back', load: () => import('./restore.ts') },
  serve: { does: 'runs the server on your own Postgres and mail', load: () => import('./serve.ts') },
  test: { does: 'plays the scenarios of a workspace', load: () => import('./test.ts') },
  user: { does: 'adds someone who works here', load: () => import('./user.ts') },
}

const oldestNode = [22, 19] as const

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`)
  return `zgoda COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\n\`zgoda COMMAND --help\` says more about one.\n`
}

/** Runs one command line, without the program's name; answers the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    process.stdout.write(`${(await import('../version.ts')).version}\n`)
    return 0
  }
  const listed = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!listed) {
    const hint = suggestion(name, Object.keys(commands))
    process.stderr.write(`zgoda: there is no command \`${short(name)}\`${hint}\n\n${usage()}`)
    return 2
  }
  try {
    const command = await listed.load()
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(`${command.help}\n`)
      return 0
    }
    return await command.run(rest)
  } catch (error) {
    process.stderr.write(`zgoda ${name}: ${explain(error)}\n`)
    return 2
  }
}

/** Errors made for the person who reads them: their message says all. */
const forPeople: ReadonlySet<string> = new Set(['OperatorError', 'NoSuchFolder', 'UsageError', 'Refusal'])

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return forPeople.has(error.name) ? error.message : (error.stack ?? error.message)
}

/** Why this Node can't run the program, or nothing. */
export function refuseNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return undefined
  const wanted = oldestNode.join('.')
  return `zgoda needs Node ${wanted} or newer, and this is Node ${version}. Inside the repository \`npx zgoda\` uses the Node that comes with it.`
}

function isStarted(): boolean {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)
}

/** A reader such as `head` may leave before all is written: that is its right, and no error. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}

if (isStarted()) {
  process.stdout.on('error', endWithReader)
  const refusal = refuseNode(process.versions.node)
  if (refusal) process.stderr.write(`${refusal}\n`)
  process.exitCode = refusal ? 2 : await main(process.argv.slice(2))
}
