import { systemClock } from '../clock.ts'
import { untilAsked } from './signals.ts'
import { watchFolder } from './watch.ts'

/** What a command has to say, and the exit code that goes with it. */
export interface Report {
  readonly code: number
  readonly report: string
}

export interface Repeated {
  /** The command's name, for what it says on the error output. */
  readonly command: string
  /** Whether reports are for people: each has a terminal to itself, and says that more may come. */
  readonly isFramed: boolean
  /** Which files matter, by their names. */
  readonly wanted: (name: string) => boolean
  report(): Promise<Report>
}

/**
 * Reports on a folder as its files change, for as long as it is let, and answers the last exit code. A folder that is gone or
 * empty for a while is told of too, once it has been read.
 */
export async function reportAgain(dir: string, { command, isFramed, wanted, report }: Repeated): Promise<number> {
  let last: number | undefined
  const look = async () => {
    const said = await report().catch((error) => {
      if (last === undefined || !isForNow(error)) throw error
      process.stderr.write(`zgoda ${command}: ${error.message}\n`)
    })
    last = said?.code ?? 2
    if (said) process.stdout.write(isFramed ? framed(said.report) : said.report)
  }
  await watchFolder(dir, wanted, look, untilAsked())
  return last ?? 2
}

/** What may be over with the next change: the folder was away, or held nothing. */
const forNow: ReadonlySet<string> = new Set(['NoSuchFolder', 'UsageError'])

function isForNow(error: unknown): error is Error {
  return error instanceof Error && forNow.has(error.name)
}

/** On a terminal each report has the screen to itself; in a pipe they follow one another. */
function framed(report: string): string {
  const clear = process.stdout.isTTY ? '\u001b[2J\u001b[3J\u001b[H' : ''
  const time = new Date(systemClock.now()).toTimeString().slice(0, 8)
  return `${clear}${report}[${time}] Waiting for changes; Ctrl-C ends.\n`
}
