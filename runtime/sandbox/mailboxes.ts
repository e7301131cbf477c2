import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'

/** A letter as it lies in one mailbox. It never changes, moves or goes; only its flags do. */
export interface Delivered {
  readonly id: number
  /** The address whose mailbox it is, in lower case. */
  readonly mailbox: string
  /** Rises within a mailbox (RFC 3501 §2.3.1.1). */
  readonly uid: number
  /** RFC 3339, UTC. */
  readonly at: string
  /** Bytes. */
  readonly size: number
}

type Line =
  | { readonly uidValidity: number }
  | { readonly letter: Delivered }
  | { readonly flags: { readonly id: number; readonly set: readonly string[] } }

interface Waiting {
  /** Made when its turn comes, so that UIDs rise in the order of the lines. */
  readonly line: () => Line
  readonly written: (line: Line) => void
  readonly failed: (error: Error) => void
}

/**
 * The world's mailboxes: each letter a file, and an index of lines that is only ever added to. A letter counts from the
 * moment its line is on the disk, so a kill at any point leaves it either delivered, with its UID, or not at all.
 */
export class Mailboxes {
  readonly #folder: string
  readonly #index: FileHandle
  readonly #clock: Clock
  readonly #letters = new Map<number, Delivered>()
  readonly #byMailbox = new Map<string, Delivered[]>()
  readonly #flags = new Map<number, ReadonlySet<string>>()
  readonly #listeners = new Set<(letter: Delivered) => void>()
  #uidValidity = 0
  #nextId = 1
  #queue: Waiting[] = []
  #flushing: Promise<void> | undefined
  /** Bytes of the index that hold whole lines. */
  #end = 0

  private constructor(folder: string, index: FileHandle, clock: Clock) {
    this.#folder = folder
    this.#index = index
    this.#clock = clock
  }

  /** Opens the mailboxes in `folder`, which this process must hold alone; made where missing. */
  static async open(folder: string, clock: Clock): Promise<Mailboxes> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const index = await open(join(folder, 'index.jsonl'), 'a+', 0o600)
    // Opened again without `a`: appending would ignore the place that a line is written to.
    await index.close()
    const mailboxes = new Mailboxes(folder, await open(join(folder, 'index.jsonl'), 'r+'), clock)
    await mailboxes.#load()
    return mailboxes
  }

  /** Changes only when the folder is made anew. */
  get uidValidity(): number {
    return this.#uidValidity
  }

  addresses(): readonly string[] {
    return [...this.#byMailbox.keys()]
  }

  /** The letters of one mailbox, or of all, oldest first. */
  list(mailbox?: string): readonly Delivered[] {
    return mailbox === undefined ? [...this.#letters.values()] : (this.#byMailbox.get(mailbox) ?? [])
  }

  get(id: number): Delivered | undefined {
    return this.#letters.get(id)
  }

  read(letter: Delivered): Promise<Buffer> {
    return readFile(this.#file(letter.id))
  }

  flags(letter: Delivered): ReadonlySet<string> {
    return this.#flags.get(letter.id) ?? new Set()
  }

  async setFlags(letter: Delivered, set: ReadonlySet<string>): Promise<void> {
    await this.#append(() => ({ flags: { id: letter.id, set: [...set] } }))
  }

  /** Resolves once the letter is on the disk; those who listen are told at that moment. */
  async deliver(mailbox: string, raw: Buffer): Promise<Delivered> {
    const id = this.#nextId
    this.#nextId += 1
    await writeDurably(this.#file(id), raw)
    const line = await this.#append(() => {
      const uid = (this.#byMailbox.get(mailbox)?.at(-1)?.uid ?? 0) + 1 + this.#ahead(mailbox)
      return { letter: { id, mailbox, uid, at: this.#clock.now(), size: raw.length } }
    })
    if (!('letter' in line)) throw new Error('the index answered with another line')
    return line.letter
  }

  /** Calls back for each letter delivered from now on; the returned function ends it. */
  subscribe(listener: (letter: Delivered) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#flushing
    await this.#index.close()
  }

  #file(id: number): string {
    return join(this.#folder, `${String(id).padStart(8, '0')}.eml`)
  }

  async #load(): Promise<void> {
    const text = await this.#index.readFile('utf8')
    // What follows the last line end was being written when the process was killed.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    this.#end = Buffer.byteLength(whole)
    await this.#index.truncate(this.#end)
    for (const line of whole.split('\n')) if (line) this.#apply(JSON.parse(line) as Line)
    await this.#removeUndelivered()
    if (this.#uidValidity === 0) {
      const uidValidity = Math.floor(Date.parse(this.#clock.now()) / 1000)
      await this.#append(() => ({ uidValidity }))
    }
  }

  /** Files without a line: their sender was never told that they arrived, and sends again. */
  async #removeUndelivered(): Promise<void> {
    const known = new Set([...this.#letters.keys()].map((id) => this.#file(id)))
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name)
      if (/\.(eml|tmp)$/.test(name) && !known.has(file)) await rm(file)
    }
  }

  #apply(line: Line): void {
    if ('uidValidity' in line) this.#uidValidity = line.uidValidity
    else if ('flags' in line) this.#flags.set(line.flags.id, new Set(line.flags.set))
    else {
      const { letter } = line
      this.#letters.set(letter.id, letter)
      const mailbox = this.#byMailbox.get(letter.mailbox)
      if (mailbox) mailbox.push(letter)
      else this.#byMailbox.set(letter.mailbox, [letter])
      this.#nextId = Math.max(this.#nextId, letter.id + 1)
    }
  }

  /** Letters of this mailbox that got their UID in the group being written. */
  readonly #group = new Map<string, number>()

  #ahead(mailbox: string): number {
    const ahead = this.#group.get(mailbox) ?? 0
    this.#group.set(mailbox, ahead + 1)
    return ahead
  }

  #append(line: () => Line): Promise<Line> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, written: resolve, failed: reject })
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined
      })
    })
  }

  /** Lines that came in while the disk was busy go to it together. */
  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue
      this.#queue = []
      const lines = group.map(({ line }) => line())
      this.#group.clear()
      try {
        await this.#write(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
      } catch (error) {
        for (const { failed } of group) failed(error as Error)
        continue
      }
      for (const [at, line] of lines.entries()) {
        this.#apply(line)
        group[at]?.written(line)
        if ('letter' in line) for (const listener of this.#listeners) listener(line.letter)
      }
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#index.write(bytes, 0, bytes.length, this.#end)
      await this.#index.datasync()
      this.#end += bytes.length
    } catch (error) {
      await this.#index.truncate(this.#end).catch(() => undefined)
      throw error
    }
  }
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const fresh = `${file}.tmp`
  const handle = await open(fresh, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
}
