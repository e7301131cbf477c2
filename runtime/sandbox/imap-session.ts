import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fetchItems } from './imap-fetch.ts'
import { type Argument, type Command, ImapInput } from './imap-input.ts'
import { searchTest } from './imap-search.ts'
import { numberSet } from './imap-set.ts'
import type { Delivered, Mailboxes } from './mailboxes.ts'

/** A command that is answered NO (cannot) or BAD (not understood). */
class CommandRefusal extends Error {
  override readonly name = 'CommandRefusal'
  readonly kind: 'NO' | 'BAD'

  constructor(kind: 'NO' | 'BAD', message: string) {
    super(message)
    this.kind = kind
  }
}

/** A session is not signed in, then signed in, then perhaps has INBOX selected, to read or to read and write. */
type State = 'not signed in' | 'signed in' | 'reading' | 'writing' | 'ended'

const capabilities = 'IMAP4rev1 IDLE ID NAMESPACE UNSELECT LITERAL+ SASL-IR AUTH=PLAIN'
const settableFlags = /^\\(Seen|Answered|Flagged|Deleted|Draft)$|^[A-Za-z$][\w.$-]{0,63}$/i
const mostFlags = 32
const mostFailures = 3

type SignIn = (user: string, password: string) => boolean
type Handler = (command: Command) => Promise<string> | string

/** One client's connection to the company's mailbox. Letters never go away, so a letter's sequence number is its place. */
export class ImapSession {
  readonly #socket: Socket
  readonly #input: ImapInput
  readonly #mailboxes: Mailboxes
  readonly #company: string
  readonly #signIn: SignIn
  #state: State = 'not signed in'
  #failures = 0
  #idling = false
  /** How many letters the client has been told of. */
  #told = 0
  readonly #unsubscribe: () => void

  constructor(socket: Socket, mailboxes: Mailboxes, company: string, signIn: SignIn) {
    this.#socket = socket
    this.#input = new ImapInput(socket)
    this.#mailboxes = mailboxes
    this.#company = company
    this.#signIn = signIn
    this.#unsubscribe = mailboxes.subscribe((letter) => {
      if (this.#idling && letter.mailbox === company) this.#tellNew()
    })
  }

  /** Answers commands until the client leaves. Throws `ImapInputError` for input past the limits. */
  async run(): Promise<void> {
    this.#send(`* OK [CAPABILITY ${capabilities}] Zgoda sandbox`)
    while (this.#state !== 'ended') {
      const command = await this.#input.command(() => this.#send('+ go on'))
      if (!command) return
      const answer = await this.#answer(command)
      this.#tellNew()
      this.#send(`${command.tag} ${answer}`)
      await this.#drained()
    }
  }

  end(): void {
    this.#unsubscribe()
  }

  async #answer(command: Command): Promise<string> {
    const handler = this.#handlers[command.name]
    try {
      if (!handler) throw new CommandRefusal('BAD', 'unknown or misspelt command')
      return await handler(command)
    } catch (error) {
      if (error instanceof CommandRefusal) return `${error.kind} ${error.message}`
      throw error
    }
  }

  readonly #handlers: Readonly<Record<string, Handler | undefined>> = Object.assign(Object.create(null), {
    CAPABILITY: () => {
      this.#send(`* CAPABILITY ${capabilities}`)
      return 'OK done'
    },
    NOOP: () => 'OK done',
    CHECK: () => 'OK done',
    LOGOUT: () => {
      this.#send('* BYE')
      this.#state = 'ended'
      return 'OK done'
    },
    ID: () => {
      this.#send('* ID ("name" "Zgoda sandbox")')
      return 'OK done'
    },
    LOGIN: ({ arguments: [user, password] }) => this.#login(user, password),
    AUTHENTICATE: (command) => this.#authenticate(command),
    NAMESPACE: () => {
      this.#mustBeIn()
      this.#send('* NAMESPACE (("" "/")) NIL NIL')
      return 'OK done'
    },
    LIST: (command) => this.#list(command),
    LSUB: (command) => this.#list(command),
    STATUS: (command) => this.#status(command),
    SELECT: (command) => this.#select(command, 'writing'),
    EXAMINE: (command) => this.#select(command, 'reading'),
    UNSELECT: () => this.#unselect(),
    CLOSE: () => this.#unselect(),
    IDLE: () => this.#idle(),
    FETCH: (command) => this.#fetch(command, false),
    'UID FETCH': (command) => this.#fetch(command, true),
    STORE: (command) => this.#store(command, false),
    'UID STORE': (command) => this.#store(command, true),
    SEARCH: (command) => this.#search(command, false),
    'UID SEARCH': (command) => this.#search(command, true),
  } satisfies Record<string, Handler>)

  #login(user: Argument | undefined, password: Argument | undefined): string {
    if (this.#state !== 'not signed in') throw new CommandRefusal('BAD', 'signed in already')
    if (typeof user !== 'string' || typeof password !== 'string') throw new CommandRefusal('BAD', 'user and password')
    if (this.#signIn(user, password)) {
      this.#state = 'signed in'
      return `OK [CAPABILITY ${capabilities}] signed in`
    }
    this.#failures += 1
    if (this.#failures === mostFailures) this.#state = 'ended'
    throw new CommandRefusal('NO', '[AUTHENTICATIONFAILED] wrong user or password')
  }

  /** SASL PLAIN (RFC 4616), its answer in the command (RFC 4959) or after it. */
  async #authenticate({ arguments: [method, initial] }: Command): Promise<string> {
    if (String(method).toUpperCase() !== 'PLAIN') throw new CommandRefusal('NO', 'PLAIN is what this server knows')
    if (initial === undefined) this.#send('+ ')
    const answer = typeof initial === 'string' ? initial : await this.#input.line()
    const [, user, password] = Buffer.from(answer ?? '', 'base64')
      .toString()
      .split('\0')
    return this.#login(user, password)
  }

  #list({ name, arguments: [reference, pattern] }: Command): string {
    this.#mustBeIn()
    if (typeof reference !== 'string' || typeof pattern !== 'string')
      throw new CommandRefusal('BAD', 'reference and pattern')
    if (pattern === '') this.#send(`* ${name} (\\Noselect) "/" ""`)
    else if (/^(inbox|[*%]+|inbox[*%])$/i.test(reference + pattern)) this.#send(`* ${name} (\\HasNoChildren) "/" INBOX`)
    return 'OK done'
  }

  #status({ arguments: [mailbox, asked] }: Command): string {
    this.#mustBeInbox(mailbox)
    const letters = this.#letters()
    const values: Readonly<Record<string, number | undefined>> = {
      MESSAGES: letters.length,
      RECENT: 0,
      UIDNEXT: uidNext(letters),
      UIDVALIDITY: this.#mailboxes.uidValidity,
      UNSEEN: letters.filter((letter) => !this.#mailboxes.flags(letter).has('\\Seen')).length,
    }
    const items = (Array.isArray(asked) ? asked : []).map((item) => {
      const value = values[String(item).toUpperCase()]
      if (value === undefined) throw new CommandRefusal('BAD', 'unknown status item')
      return `${String(item).toUpperCase()} ${value}`
    })
    this.#send(`* STATUS INBOX (${items.join(' ')})`)
    return 'OK done'
  }

  #select({ arguments: [mailbox] }: Command, state: 'reading' | 'writing'): string {
    this.#mustBeIn()
    this.#state = 'signed in'
    this.#mustBeInbox(mailbox)
    const letters = this.#letters()
    this.#state = state
    this.#told = letters.length
    this.#send('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)')
    this.#send('* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] kept')
    this.#send(`* ${letters.length} EXISTS`)
    this.#send('* 0 RECENT')
    this.#send(`* OK [UIDVALIDITY ${this.#mailboxes.uidValidity}] valid`)
    this.#send(`* OK [UIDNEXT ${uidNext(letters)}] next`)
    return `OK [${state === 'writing' ? 'READ-WRITE' : 'READ-ONLY'}] INBOX selected`
  }

  #unselect(): string {
    this.#selected()
    this.#state = 'signed in'
    return 'OK done'
  }

  async #idle(): Promise<string> {
    this.#mustBeIn()
    this.#send('+ idling')
    this.#tellNew()
    this.#idling = true
    const line = await this.#input.line()
    this.#idling = false
    if (line?.toUpperCase() !== 'DONE') throw new CommandRefusal('BAD', 'DONE ends IDLE')
    return 'OK done'
  }

  async #fetch({ arguments: [set, asked] }: Command, byUid: boolean): Promise<string> {
    const chosen = this.#chosen(set, byUid)
    const items = fetchItems(asked, byUid)
    if (!items) throw new CommandRefusal('BAD', 'unknown item to fetch')
    const marks = this.#state === 'writing' && items.some(({ marksSeen }) => marksSeen)
    for (const { letter, sequence } of chosen) {
      if (this.#socket.destroyed) break
      if (marks) await this.#mailboxes.setFlags(letter, new Set([...this.#mailboxes.flags(letter), '\\Seen']))
      let read: Promise<Buffer> | undefined
      const raw = () => {
        read ??= this.#mailboxes.read(letter)
        return read
      }
      const flags = this.#mailboxes.flags(letter)
      const answers: (readonly (string | Buffer)[])[] = []
      for (const item of items) answers.push(await item.answer({ letter, flags, raw }))
      await this.#sendParts([`* ${sequence} FETCH (`, ...spaced(answers), ')\r\n'])
    }
    return 'OK done'
  }

  async #store({ arguments: [set, action, flags] }: Command, byUid: boolean): Promise<string> {
    const chosen = this.#chosen(set, byUid)
    if (this.#state !== 'writing') throw new CommandRefusal('NO', 'INBOX is open for reading alone')
    const [, sign, silent] = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(String(action)) ?? []
    const named = (Array.isArray(flags) ? flags : [flags]).map(String)
    if (sign === undefined || named.length > mostFlags || !named.every((flag) => settableFlags.test(flag))) {
      throw new CommandRefusal('BAD', 'flags that cannot be read')
    }
    const changes = chosen.map(({ letter, sequence }) => {
      const next = changedFlags(this.#mailboxes.flags(letter), sign, named)
      if (next.size > mostFlags) throw new CommandRefusal('NO', 'too many flags')
      return { letter, sequence, next }
    })
    await Promise.all(changes.map(({ letter, next }) => this.#mailboxes.setFlags(letter, next)))
    for (const { letter, sequence, next } of silent ? [] : changes) {
      const uid = byUid ? `UID ${letter.uid} ` : ''
      this.#send(`* ${sequence} FETCH (${uid}FLAGS (${[...next].join(' ')}))`)
    }
    return 'OK done'
  }

  #search({ arguments: keys }: Command, byUid: boolean): string {
    const letters = this.#selected()
    const [first, second] = keys
    const asked = String(first).toUpperCase() === 'CHARSET' && second !== undefined ? keys.slice(2) : keys
    const test = searchTest(asked, letters)
    if (!test) throw new CommandRefusal('BAD', 'unknown search key')
    const found = letters.flatMap((letter, place) => {
      const subject = { letter, sequence: place + 1, flags: this.#mailboxes.flags(letter) }
      return test(subject) ? [byUid ? letter.uid : subject.sequence] : []
    })
    this.#send(`* SEARCH${found.map((number) => ` ${number}`).join('')}`)
    return 'OK done'
  }

  #letters(): readonly Delivered[] {
    return this.#mailboxes.list(this.#company)
  }

  /** The letters the client knows of. */
  #selected(): readonly Delivered[] {
    if (this.#state !== 'reading' && this.#state !== 'writing') throw new CommandRefusal('BAD', 'select INBOX first')
    return this.#letters().slice(0, this.#told)
  }

  #chosen(set: Argument | undefined, byUid: boolean): readonly { letter: Delivered; sequence: number }[] {
    const letters = this.#selected()
    const within = numberSet(String(set), byUid ? (letters.at(-1)?.uid ?? 0) : letters.length)
    if (!within) throw new CommandRefusal('BAD', 'a set of numbers comes first')
    const chosen: { letter: Delivered; sequence: number }[] = []
    for (const [place, letter] of letters.entries()) {
      if (within(byUid ? letter.uid : place + 1)) chosen.push({ letter, sequence: place + 1 })
    }
    return chosen
  }

  #mustBeIn(): void {
    if (this.#state === 'not signed in') throw new CommandRefusal('BAD', 'sign in first')
  }

  #mustBeInbox(mailbox: Argument | undefined): void {
    this.#mustBeIn()
    if (String(mailbox).toUpperCase() !== 'INBOX')
      throw new CommandRefusal('NO', '[NONEXISTENT] INBOX is the one mailbox')
  }

  #tellNew(): void {
    if (this.#state !== 'reading' && this.#state !== 'writing') return
    const now = this.#letters().length
    if (now === this.#told) return
    this.#told = now
    this.#send(`* ${now} EXISTS`)
  }

  #send(line: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${line}\r\n`, 'latin1')
  }

  async #sendParts(parts: readonly (string | Buffer)[]): Promise<void> {
    if (this.#socket.destroyed) return
    this.#socket.write(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    )
    await this.#drained()
  }

  /** Waits for a client that reads slowly, so that letters do not pile up in memory. */
  async #drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.#socket.destroyed) return
    const done = new AbortController()
    const { signal } = done
    await Promise.race([once(this.#socket, 'drain', { signal }), once(this.#socket, 'close', { signal })]).catch(
      () => undefined,
    )
    done.abort()
  }
}

function changedFlags(now: ReadonlySet<string>, sign: string, named: readonly string[]): ReadonlySet<string> {
  if (sign === '+') return new Set([...now, ...named])
  return new Set(sign === '-' ? [...now].filter((flag) => !named.includes(flag)) : named)
}

function uidNext(letters: readonly Delivered[]): number {
  return (letters.at(-1)?.uid ?? 0) + 1
}

function spaced(answers: readonly (readonly (string | Buffer)[])[]): (string | Buffer)[] {
  return answers.flatMap((answer, place) => (place === 0 ? answer : [' ', ...answer]))
}
