import type { ImapFlow } from 'imapflow'
import { describeError, type Log } from '../log.ts'
import { connect, type ImapServer, imapServer, whyLost } from './imap-connection.ts'
import { Waiting } from './waiting.ts'

/** How far the mailbox has been read: all up to `uid` under that UIDVALIDITY (RFC 3501 §2.3.1.1). */
export interface MailboxPosition {
  readonly uidValidity: string
  readonly uid: number
}

/** Where the receiver's position is kept. */
export interface Cursor {
  load(): Promise<MailboxPosition | undefined>
  save(position: MailboxPosition): Promise<void>
}

export interface ReceivedMessage {
  /** At most 25 MiB and one byte: what is longer is cut there, and `parse` says so. */
  readonly raw: Buffer
  readonly uidValidity: string
  readonly uid: number
}

export interface ReceiverOptions {
  /** `imap://user:password@host:143` (STARTTLS, demanded away from this machine), `imaps://…`. */
  readonly imapUrl: string
  /** `INBOX` where left out. */
  readonly mailbox?: string
  /** Prints an access token (OAuth 2.0) on standard output; run at each connection, in place of the password. */
  readonly tokenCommand?: string
  /** Where messages are moved to once they are kept, made where it is not there; they stay where absent. */
  readonly doneMailbox?: string
  readonly cursor: Cursor
  /** Stores the message. Idempotent: it gets a message again after a crash or a changed UIDVALIDITY. */
  take(message: ReceivedMessage): Promise<void>
  /** Stores several at once, all or none. Where it fails, each is taken alone, so that one holds up none before it. */
  takeAll?(messages: readonly ReceivedMessage[]): Promise<void>
  readonly log: Log
  /** Milliseconds before trying again, doubled each time up to `most`; 500 and 60,000. */
  readonly backoff?: { readonly first: number; readonly most: number }
  /** Milliseconds after which the mailbox is looked at though the server announced nothing; 60,000. */
  readonly heartbeat?: number
}

export interface ReceiverStatus {
  readonly state: 'stopped' | 'connecting' | 'listening' | 'waiting to reconnect'
  /** Messages taken since the start. */
  readonly taken: number
  readonly position?: MailboxPosition
  /** Why it is not connected or a message is not taken, without addresses or passwords. */
  readonly because?: string
}

export interface Receiver {
  /** Goes on for ever, through lost connections, until `stop`. */
  start(): void
  /** Waits for the message that is being taken. */
  stop(): Promise<void>
  status(): ReceiverStatus
}

/** Reads the company's mailbox: each message in the order of its UID, as soon as the server announces it (IDLE). */
export function createReceiver(options: ReceiverOptions): Receiver {
  const server = imapServer(options.imapUrl, options.tokenCommand)
  let listening: Listening | undefined
  return {
    start() {
      listening ??= new Listening(server, options)
    },
    async stop() {
      await listening?.stop()
      listening = undefined
    },
    status: () => listening?.status() ?? { state: 'stopped', taken: 0 },
  }
}

/** UIDs and bytes asked for at once; a single message may be larger. */
const batch = { uids: 50, bytes: 8 * 1024 * 1024, largest: 25 * 1024 * 1024 + 1, moved: 500 }

/** What `take` or the cursor threw: the mailbox is all right, the store is not. */
class NotTaken extends Error {}

/** One run of a receiver, from its start to its stop. */
class Listening {
  readonly #server: ImapServer
  readonly #options: ReceiverOptions
  readonly #waiting = new Waiting()
  readonly #done: Promise<void>
  readonly #backoff: { readonly first: number; readonly most: number }
  #state: ReceiverStatus['state'] = 'connecting'
  #because: string | undefined
  #position: MailboxPosition | undefined
  #taken = 0
  #failures = 0

  constructor(server: ImapServer, options: ReceiverOptions) {
    this.#server = server
    this.#options = options
    this.#backoff = options.backoff ?? { first: 500, most: 60_000 }
    this.#done = this.#run()
  }

  status(): ReceiverStatus {
    return {
      state: this.#state,
      taken: this.#taken,
      ...(this.#position ? { position: this.#position } : {}),
      ...(this.#because ? { because: this.#because } : {}),
    }
  }

  async stop(): Promise<void> {
    this.#waiting.end()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#waiting.ended) {
      this.#state = 'connecting'
      try {
        await this.#session()
      } catch (error) {
        this.#failed(whyLost(error), error)
      }
      if (this.#waiting.ended) break
      this.#state = 'waiting to reconnect'
      await this.#waiting.pause(this.#delay())
    }
    this.#state = 'stopped'
  }

  /** One connection, from its opening to its loss or our stop. */
  async #session(): Promise<void> {
    const client = await connect(this.#server, this.#waiting)
    try {
      const { mailbox = 'INBOX', doneMailbox } = this.#options
      const { uidValidity } = await client.mailboxOpen(mailbox, { readOnly: doneMailbox === undefined })
      await this.#resume(String(uidValidity))
      this.#state = 'listening'
      while (client.usable && !this.#waiting.ended) {
        const seen = this.#waiting.arrivals
        const settled = await this.#drain(client)
        if (settled) await this.#clear(client)
        await this.#rest(client, settled, seen)
      }
    } finally {
      client.close()
    }
    if (!this.#waiting.ended) throw new Error('the connection was closed')
  }

  /** Where the server has numbered the mailbox anew, all of it is read again: `take` knows what it has. */
  async #resume(uidValidity: string): Promise<void> {
    const kept = await this.#options.cursor.load()
    this.#position = kept?.uidValidity === uidValidity ? kept : { uidValidity, uid: 0 }
    if (kept && kept.uidValidity !== uidValidity) {
      this.#options.log.warn({ uidValidity }, 'the mailbox was numbered anew: reading it from its start')
    }
  }

  /** Until something arrives, the heartbeat, or the connection's end; after a message that was not taken, the backoff. */
  async #rest(client: ImapFlow, settled: boolean, seen: number): Promise<void> {
    if (!settled) return this.#waiting.pause(this.#delay())
    if (client.capabilities.has('IDLE')) client.idle().catch(() => undefined)
    const most = client.capabilities.has('IDLE') ? (this.#options.heartbeat ?? 60_000) : 2_000
    await this.#waiting.arrival(seen, most)
  }

  /** Takes all that is past the position; false where `take` failed, with the position before that message. */
  async #drain(client: ImapFlow): Promise<boolean> {
    try {
      for (;;) {
        const uids = await this.#newUids(client)
        for (let at = 0; at < uids.length; at += batch.uids) {
          const next = uids.slice(at, at + batch.uids)
          for (const group of await grouped(client, next)) await this.#takeGroup(client, group)
        }
        if (uids.length === 0) break
      }
      this.#failures = 0
      this.#because = undefined
      return true
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error
      this.#failed('a message could not be stored; it is tried again', error.cause)
      return false
    }
  }

  /** Moves away what is kept: all up to the position, so that what a lost connection left behind goes too. */
  async #clear(client: ImapFlow): Promise<void> {
    const { doneMailbox } = this.#options
    const upTo = this.#position?.uid ?? 0
    if (doneMailbox === undefined || upTo === 0) return
    const found = await client.search({ uid: `1:${upTo}` }, { uid: true })
    const done = (found || []).filter((uid) => uid <= upTo)
    if (done.length === 0) return
    await makeMailbox(client, doneMailbox)
    for (let at = 0; at < done.length; at += batch.moved) {
      const moved = await client.messageMove(done.slice(at, at + batch.moved).join(','), doneMailbox, { uid: true })
      if (!moved) return this.#failed('messages could not be moved to ZGODA_IMAP_DONE_MAILBOX', undefined)
    }
  }

  async #newUids(client: ImapFlow): Promise<number[]> {
    const after = this.#position?.uid ?? 0
    const found = await client.search({ uid: `${after + 1}:*` }, { uid: true })
    // `*` is the last message even where that is before `after` (RFC 3501 §6.4.8).
    return (found || []).filter((uid) => uid > after).sort((one, other) => one - other)
  }

  async #takeGroup(client: ImapFlow, uids: readonly number[]): Promise<void> {
    const sources = new Map<number, Buffer>()
    const query = { uid: true, source: { maxLength: batch.largest } } as const
    for await (const { uid, source } of client.fetch(uids.join(','), query, { uid: true })) {
      if (source) sources.set(uid, source)
    }
    const uidValidity = this.#position?.uidValidity ?? ''
    const before = this.#position?.uid
    // What is not there is gone since it was listed: somebody moved or deleted it.
    const messages = [...sources]
      .map(([uid, raw]) => ({ raw, uidValidity, uid }))
      .sort((one, other) => one.uid - other.uid)
    try {
      if (await this.#takeAll(messages)) this.#position = { uidValidity, uid: uids.at(-1) ?? 0 }
      else await this.#takeEach(uids, new Map(messages.map((message) => [message.uid, message])))
    } finally {
      if (this.#position && this.#position.uid !== before) await this.#save(this.#position)
    }
  }

  /** False where they are to be taken one by one. */
  async #takeAll(messages: readonly ReceivedMessage[]): Promise<boolean> {
    if (messages.length < 2 || !this.#options.takeAll) return false
    try {
      await this.#options.takeAll(messages)
    } catch {
      return false
    }
    this.#taken += messages.length
    return true
  }

  async #takeEach(uids: readonly number[], messages: ReadonlyMap<number, ReceivedMessage>): Promise<void> {
    const uidValidity = this.#position?.uidValidity ?? ''
    for (const uid of uids) {
      const message = messages.get(uid)
      if (message) await this.#take(message)
      this.#position = { uidValidity, uid }
      if (this.#waiting.ended) break
    }
  }

  async #take(message: ReceivedMessage): Promise<void> {
    try {
      await this.#options.take(message)
    } catch (cause) {
      throw new NotTaken('not taken', { cause })
    }
    this.#taken += 1
  }

  async #save(position: MailboxPosition): Promise<void> {
    try {
      await this.#options.cursor.save(position)
    } catch (cause) {
      throw new NotTaken('position not kept', { cause })
    }
  }

  #failed(because: string, error: unknown): void {
    this.#failures += 1
    if (this.#because !== because) this.#options.log.warn({ because, ...describeError(error) }, 'mail is not coming in')
    this.#because = because
  }

  /** Doubled each time, with jitter, so that many servers do not come back at once. */
  #delay(): number {
    const { first, most } = this.#backoff
    const full = Math.min(most, first * 2 ** Math.min(this.#failures, 30))
    return full * (0.5 + Math.random() / 2)
  }
}

/** Where it cannot be made, moving says so. */
async function makeMailbox(client: ImapFlow, name: string): Promise<void> {
  const known = await client.list()
  if (!known.some(({ path }) => path === name)) await client.mailboxCreate(name).catch(() => undefined)
}

/** A batch of UIDs in order, in groups that fit into memory; a few are fetched without asking for their sizes. */
async function grouped(client: ImapFlow, uids: readonly number[]): Promise<number[][]> {
  if (uids.length <= 4) return uids.map((uid) => [uid])
  const sizes = new Map<number, number>()
  for await (const { uid, size } of client.fetch(uids.join(','), { uid: true, size: true }, { uid: true })) {
    sizes.set(uid, size ?? 0)
  }
  const groups: number[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const uid of uids) {
    const size = Math.min(sizes.get(uid) ?? 0, batch.largest)
    if (bytes + size > batch.bytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(uid)
    bytes += size
  }
  return groups
}
