import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { judge, type Verdict } from '../mail/judge.ts'
import { most, parse } from '../mail/parse.ts'
import { readArguments, UsageError } from './usage.ts'

export const help = `zgoda mail FILE|FOLDER [--format text|json]

Says what the receiver makes of a message and why: reply, auto-reply, bounce, list, spam, new (a person's letter that
answers nothing) or malformed; and the sender's own words, quotation and signature taken off. It looks at the message
alone: which letter it answers, and whether its sender is true, only a running server can tell.
A folder gives one line for each file in it that is a message (\`.eml\`, or a name without an ending, as in a Maildir).`

/** 0 where each message could be judged (malformed ones too), 2 where a file could not be read. Throws `UsageError`. */
export async function run(args: readonly string[]): Promise<number> {
  const { path, json } = read(args)
  const found = await stat(path).catch(() => undefined)
  if (!found) return failed(`there is no file or folder \`${path}\``)
  if (!found.isDirectory()) return one(path, json)
  let code = 0
  for (const file of await messagesIn(path)) {
    const verdict = await judged(join(path, file))
    if (!verdict) code = failed(`\`${file}\` can't be read`)
    else print(json ? JSON.stringify({ file, ...shown(verdict) }) : `${file}: ${verdict.class}. ${verdict.because}`)
  }
  return code
}

function read(args: readonly string[]): { path: string; json: boolean } {
  const { values, positionals } = readArguments(args, { format: { type: 'string', default: 'text' } }, 1)
  const [path] = positionals
  if (!path) throw new UsageError('name a file or folder: `zgoda mail FILE|FOLDER`')
  if (values.format !== 'text' && values.format !== 'json') {
    throw new UsageError(`there is no format \`${values.format}\`: it is text or json`)
  }
  return { path, json: values.format === 'json' }
}

async function one(path: string, json: boolean): Promise<number> {
  const verdict = await judged(path)
  if (!verdict) return failed(`\`${path}\` can't be read`)
  if (json) print(JSON.stringify(shown(verdict)))
  else print(`${basename(path)}: ${verdict.class}\n${verdict.because}\n${verdict.text.replace(/^/gm, '  | ')}`)
  return 0
}

async function judged(path: string): Promise<Verdict | undefined> {
  const size = (await stat(path).catch(() => undefined))?.size
  if (size === undefined) return undefined
  const raw = size > most.bytes ? Buffer.alloc(most.bytes + 1) : await readFile(path).catch(() => undefined)
  return raw && judge(await parse(raw), { forgedReference: false })
}

function shown({ class: kind, because, text }: Verdict) {
  return { class: kind, because, text }
}

async function messagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /^[^.].*\.eml$|^[^.]+$|^\d[^/]*:2,\w*$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function failed(message: string): 2 {
  process.stderr.write(`zgoda mail: ${message}\n`)
  return 2
}
