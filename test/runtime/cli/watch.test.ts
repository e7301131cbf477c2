import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const sound = 'role clerk "Clerk"\n'
const broken = 'role clerk\nrole clerk\n'

let dir: string
let child: ChildProcess

/** What has been printed and not been waited for yet, and who waits for more. */
let pending = ''
let more = () => {}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-watch-'))
  pending = ''
})

afterEach(async () => {
  if (child.exitCode === null) child.kill('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

function watch(...options: string[]): void {
  child = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'check', dir, '--watch', ...options])
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      pending += text
      more()
    })
  }
  child.on('exit', () => more())
}

/** Waits for words in the output, and takes all up to their end away. */
async function printed(words: RegExp): Promise<string> {
  for (;;) {
    const found = words.exec(pending)
    if (found) {
      const taken = pending.slice(0, found.index + found[0].length)
      pending = pending.slice(taken.length)
      return taken
    }
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} and printed: ${pending}`)
    await new Promise<void>((resolve) => {
      more = resolve
    })
  }
}

async function stop(): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
  return child.exitCode
}

/** Waits for a report that says these words; one in between may have seen a file half written. */
async function reported(words: RegExp): Promise<string> {
  for (;;) {
    const report = await printed(/\[\d\d:\d\d:\d\d\] Waiting for changes; Ctrl-C ends\.\n/)
    if (words.test(report)) return report
  }
}

/** Saves a file as many editors do: beside it, then in its place. */
async function save(name: string, text: string): Promise<void> {
  await writeFile(join(dir, `.${name}.swp`), text)
  await rename(join(dir, `.${name}.swp`), join(dir, name))
}

describe('zgoda check --watch', () => {
  it('checks again as a file changes, and ends with the last answer', async () => {
    await save('a.zgoda', sound)
    watch()
    expect(await reported(/./)).toMatch(/^no problems in 1 file\n\[/)
    await writeFile(join(dir, 'a.zgoda'), broken)
    const report = await reported(/Z104/)
    expect(report).toMatch(/^error\[Z104\].*1 error, 0 warnings in 1 file\n\[/s)
    expect(report).not.toContain('\u001b')
    expect(await stop()).toBe(1)
  })

  it('sees files that editors save by renaming, again and again', async () => {
    await save('a.zgoda', sound)
    watch()
    await reported(/no problems/)
    await save('a.zgoda', broken)
    await reported(/Z104/)
    await save('a.zgoda', sound)
    await reported(/no problems/)
    await writeFile(join(dir, 'a.zgoda'), broken)
    await reported(/Z104/)
    await save('a.zgoda', sound)
    await reported(/no problems/)
    expect(await stop()).toBe(0)
  })

  it('sees files that come, move and go, in new folders too', async () => {
    await save('a.zgoda', sound)
    watch()
    await reported(/no problems/)
    await mkdir(join(dir, 'shop', 'orders'), { recursive: true })
    await writeFile(join(dir, 'shop', 'orders', 'b.zgoda'), 'role boss\n')
    await reported(/no problems in 2 files/)
    await writeFile(join(dir, 'shop', 'orders', 'b.zgoda'), broken)
    await reported(/shop\/orders\/b\.zgoda/)
    await rename(join(dir, 'shop'), join(dir, 'store'))
    await reported(/store\/orders\/b\.zgoda/)
    await rm(join(dir, 'store'), { recursive: true })
    await reported(/no problems in 1 file\n/)
    expect(await stop()).toBe(0)
  })

  it('outlives the folder itself', async () => {
    await save('a.zgoda', sound)
    watch()
    await reported(/no problems/)
    await rm(dir, { recursive: true })
    await printed(/can't be opened: it does not exist\n/)
    await mkdir(dir)
    await save('a.zgoda', broken)
    await reported(/Z104/)
    expect(await stop()).toBe(1)
  })

  it('outlives the last file of the workspace', async () => {
    await save('a.zgoda', sound)
    watch()
    await reported(/no problems/)
    await rm(join(dir, 'a.zgoda'))
    await printed(/holds no workspace.*\n/)
    await save('b.zgoda', broken)
    await reported(/Z104/)
    expect(await stop()).toBe(1)
  })

  it('does not look at files of other kinds, such as a report written there', async () => {
    await save('a.zgoda', sound)
    watch()
    await reported(/no problems/)
    await writeFile(join(dir, 'report.txt'), 'anything')
    await mkdir(join(dir, 'node_modules', 'x'), { recursive: true })
    await writeFile(join(dir, 'node_modules', 'x', 'b.zgoda'), broken)
    await save('a.zgoda', broken)
    expect(await reported(/./)).toMatch(/1 error, 0 warnings in 1 file\n\[/)
    expect(await stop()).toBe(1)
    expect(pending).toBe('')
  })

  it('writes a line of JSON each time for programs', async () => {
    await save('a.zgoda', sound)
    watch('--format', 'json')
    expect(JSON.parse(await printed(/\n/))).toEqual({ problems: [], counts: { errors: 0, warnings: 0 } })
    await save('a.zgoda', broken)
    expect(JSON.parse(await printed(/\n/)).counts).toEqual({ errors: 1, warnings: 0 })
    await stop()
  })

  it('answers 2 at once where there is no folder', async () => {
    await rm(dir, { recursive: true })
    watch()
    await once(child, 'exit')
    expect(child.exitCode).toBe(2)
    expect(pending).toContain("can't be opened: it does not exist")
  })
})
