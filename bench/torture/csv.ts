import { CsvReader, most, UnreadableTable } from '../../runtime/csv/read.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

const sound = [
  'client.name,client.email,bouquet\r\nAnna,anna@client.example,roses\r\n"Nowak, ""Jan""",jan@client.example,"wild\nflowers"\r\n',
  'Name;Phone\nŻaneta;+48 600 000 000\n;\n',
  'a\tb\tc\n1\t"2\r\n3"\t\n',
]
const pieces = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\ufeff',
  'ż',
  '🌷',
  '\ud83c',
  '"'.repeat(9),
  ','.repeat(600),
  'x'.repeat(3_000),
]

/** Random and spoilt tables, cut anywhere: each must end in records with rising lines, or in a problem at a line. */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  return fuzzCsv(rounds, seed)
}

/** The same without waiting, for a test. */
export function fuzzCsv(rounds: number, seed: number): TortureResult {
  const random = new Random(seed)
  const failures: string[] = []
  const figures = { read: 0, unreadable: 0, 'slowest ms': 0 }
  for (let round = 0; round < rounds && failures.length < 10; round += 1) {
    const text = spoilt(random)
    const began = performance.now()
    const wrong = answerTo(text, random, figures)
    figures['slowest ms'] = Math.max(figures['slowest ms'], Math.round(performance.now() - began))
    if (wrong) failures.push(`input ${round}: ${wrong}\n${JSON.stringify(text.slice(0, 300))}`)
  }
  return { figures, failures }
}

function spoilt(random: Random): string {
  if (random.below(3) === 0) return Array.from({ length: random.below(40) }, () => random.of(pieces)).join('')
  let text = random.of(sound)
  for (let edits = 1 + random.below(4); edits > 0; edits -= 1) {
    const [at, length] = [random.below(text.length + 1), random.below(4)]
    text = text.slice(0, at) + (random.below(2) === 0 ? random.of(pieces) : '') + text.slice(at + length)
  }
  return text
}

/** What is wrong with how the reader takes a text. */
function answerTo(text: string, random: Random, figures: { read: number; unreadable: number }): string | undefined {
  const reader = new CsvReader()
  let last = 0
  try {
    for (let at = 0; at <= text.length; ) {
      const next = at + 1 + random.below(50)
      const records = at === text.length ? reader.end() : reader.push(text.slice(at, next))
      for (const { line, cells } of records) {
        if (line <= last || cells.length === 0 || cells.length > most.columns) return `record at ${line} after ${last}`
        last = line
      }
      if (at === text.length) break
      at = Math.min(next, text.length)
    }
    figures.read += 1
    return undefined
  } catch (error) {
    if (!(error instanceof UnreadableTable)) return `threw ${error}`
    figures.unreadable += 1
    return /^line \d+: [^\n]{10,120}$/.test(error.message) ? undefined : `said ${error.message}`
  }
}
