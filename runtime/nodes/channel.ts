import { setTimeout as pause } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import { type Database, isAway } from '../store/database.ts'
import { type Ear, listen, notify } from '../store/notify.ts'
import { ChangedCases, type ChangeMessage, type Message, read, written } from './message.ts'

/** What a node does with what it hears from the others. */
export interface Hearing {
  /** A case of this process has changed on another node; which one is not told where they are many. */
  onChange(process: string, caseId: string | undefined): void
  /** On any node, this one too. */
  onErased(clientId: string): void
  onIdentity(changed: 'people' | 'sessions'): void
  onDefinition(hash: string): void
  /** For some time nothing was heard: whatever another node may have said in it has to be found out anew. */
  onMissed(): void
}

/** Milliseconds that changes of cases wait for each other, so that there are ten notifications a second and not ten thousand. */
const gathering = 100
const shortest = 100
const longest = 5_000

/**
 * What the nodes of one database tell each other, over Postgres' LISTEN and NOTIFY. Nothing depends on it but freshness:
 * what must hold does so by the rows alone, and whoever missed something is told so.
 */
export class Channel {
  readonly #db: Database
  readonly #log: Log
  #hearing: Hearing | undefined
  readonly #changed = new ChangedCases()
  readonly #stopping = new AbortController()
  #ear: Ear | undefined
  #timer: NodeJS.Timeout | undefined
  #listening: Promise<void> = Promise.resolve()
  #saying: Promise<void> = Promise.resolve()

  constructor(db: Database, log: Log) {
    this.#db = db
    this.#log = log
  }

  /** Listens from here on; where the database is just away, as soon as it is back. */
  async start(hearing: Hearing): Promise<void> {
    this.#hearing = hearing
    await this.#connect().catch(() => this.#again())
  }

  /** Says what is still to be said, then listens no more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#listening
    clearTimeout(this.#timer)
    this.#say()
    await this.#saying
    await this.#ear?.close()
  }

  /** Tells the others soon that a case has changed. */
  changed(caseId: string, process: string): void {
    this.#changed.add(process, [caseId])
    this.#timer ??= setTimeout(() => this.#say(), gathering).unref()
  }

  /** Tells every node at once, this one too. Where that fails, the others find out by themselves in their own time. */
  async tell(message: Exclude<Message, ChangeMessage>): Promise<void> {
    try {
      await notify(this.#db.pool, written(message))
    } catch (error) {
      this.#log.warn(describeError(error), 'the other nodes could not be told')
    }
  }

  #say(): void {
    this.#timer = undefined
    const ear = this.#ear
    // Without a connection they wait: the next one says them.
    if (!ear || this.#changed.none) return
    const messages = this.#changed.take()
    this.#saying = this.#saying
      .then(() => ear.say(messages.map(written)))
      .catch((error) => {
        for (const { changed, cases } of messages) this.#changed.add(changed, cases ?? 'many')
        if (!isAway(error)) this.#log.warn(describeError(error), 'the other nodes could not be told what has changed')
      })
  }

  async #connect(): Promise<void> {
    this.#ear = await listen(
      this.#db.url,
      (text) => this.#hear(text),
      () => {
        this.#ear = undefined
        this.#again()
      },
    )
  }

  #again(): void {
    if (this.#stopping.signal.aborted) return
    this.#log.warn({}, 'the other nodes can not be heard; trying again')
    this.#listening = this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#stopping
    for (let delay = shortest; !signal.aborted; delay = Math.min(delay * 2, longest)) {
      try {
        await this.#connect()
        this.#hearing?.onMissed()
        this.#say()
        return
      } catch (error) {
        this.#log.debug(describeError(error), 'the other nodes can not be heard yet; trying again')
        await pause(delay, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #hear(text: string): void {
    const message = read(text)
    const hearing = this.#hearing
    if (!message || !hearing) return
    if ('changed' in message) {
      for (const caseId of message.cases ?? [undefined]) hearing.onChange(message.changed, caseId)
    } else if ('erased' in message) hearing.onErased(message.erased)
    else if ('changedOf' in message) hearing.onIdentity(message.changedOf)
    else hearing.onDefinition(message.definition)
  }
}
