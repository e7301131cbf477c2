import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** An IMAP server for one reader, whose mailbox a test fills, renumbers and cuts off. */
export class ImapServer {
  uidValidity = 1
  idle = true
  /** How often a log-in or a mailbox was refused. */
  refused = 0
  readonly logins: string[] = []
  /** Messages moved to other mailboxes, and those mailboxes. */
  readonly moved: { mailbox: string; raw: string }[] = []
  readonly made: string[] = []
  readonly #messages: { uid: number; raw: string }[] = []
  readonly #sessions = new Set<Session>()
  readonly #server = createServer((socket) => {
    const session = new Session(socket, this)
    this.#sessions.add(session)
    socket.once('close', () => this.#sessions.delete(session))
  })
  #nextUid = 1

  async start(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }

  /** Breaks every connection. */
  cut(): void {
    for (const session of this.#sessions) session.socket.destroy()
  }

  deliver(raw: string): number {
    const uid = this.#nextUid++
    this.#messages.push({ uid, raw })
    for (const session of this.#sessions) session.announce(this.#messages.length)
    return uid
  }

  remove(uid: number): void {
    this.#messages.splice(
      this.#messages.findIndex((message) => message.uid === uid),
      1,
    )
  }

  /** Numbers the mailbox anew, in the same order. */
  renumber(): void {
    this.uidValidity += 1
    for (const [index, message] of this.#messages.entries()) message.uid = index + 100
    this.#nextUid = this.#messages.length + 100
  }

  /** Takes the messages of a set away into another mailbox, and gives the place each had. */
  move(uids: ReadonlySet<number>, mailbox: string): number[] {
    return [...uids].flatMap((uid) => {
      const at = this.#messages.findIndex((message) => message.uid === uid)
      if (at < 0) return []
      this.moved.push({ mailbox, raw: this.#messages[at]?.raw ?? '' })
      this.remove(uid)
      return [at + 1]
    })
  }

  get messages(): readonly { readonly uid: number; readonly raw: string }[] {
    return this.#messages
  }

  get idling(): boolean {
    return [...this.#sessions].some((session) => session.idling !== undefined)
  }
}

class Session {
  readonly socket: Socket
  idling: string | undefined
  readonly #server: ImapServer

  constructor(socket: Socket, server: ImapServer) {
    this.socket = socket
    this.#server = server
    socket.on('error', () => undefined)
    createInterface({ input: socket })
      .on('line', (line) => this.#answer(line))
      .on('error', () => undefined)
    socket.write('* OK ready\r\n')
  }

  announce(count: number): void {
    if (this.idling) this.socket.write(`* ${count} EXISTS\r\n`)
  }

  #answer(line: string): void {
    if (this.idling && line === 'DONE') {
      this.socket.write(`${this.idling} OK done\r\n`)
      this.idling = undefined
      return
    }
    const [tag = '', ...words] = line.split(' ')
    const command = (words[0] === 'UID' ? `UID ${words[1]}` : (words[0] ?? '')).toUpperCase()
    if (this.#refuses(command, words)) {
      this.#server.refused += 1
      this.socket.write(`${tag} NO [${command === 'LOGIN' ? 'AUTHENTICATIONFAILED' : 'NONEXISTENT'}] no\r\n`)
      return
    }
    const answers = this.#answers(command, tag, words)
    if (answers) this.socket.write(`${answers.join('')}${tag} OK done\r\n`)
  }

  /** INBOX is the only mailbox, and `wrong` no password. */
  #refuses(command: string, words: readonly string[]): boolean {
    if (command === 'LOGIN') return /wrong/.test(words.join(' '))
    return /^(SELECT|EXAMINE)$/.test(command) && !/^"?INBOX"?$/.test(words[1] ?? '')
  }

  #answers(command: string, tag: string, words: readonly string[]): string[] | undefined {
    const { messages, uidValidity, idle, logins, made } = this.#server
    switch (command) {
      case 'CAPABILITY':
        return [`* CAPABILITY IMAP4rev1 MOVE SASL-IR AUTH=XOAUTH2${idle ? ' IDLE' : ''}\r\n`]
      case 'AUTHENTICATE':
      case 'LOGIN':
        logins.push(words.slice(1).join(' '))
        return []
      case 'LIST':
      case 'LSUB':
        if (words.slice(1).join(' ') === '"" ""') return [`* LIST (\\Noselect) "/" ""\r\n`]
        return ['INBOX', ...made].map((name) => `* ${command} () "/" ${name}\r\n`)
      case 'CREATE':
        made.push((words[1] ?? '').replaceAll('"', ''))
        return []
      case 'UID MOVE':
        return this.#server
          .move(new Set(uidsIn(words[2] ?? '')), (words[3] ?? '').replaceAll('"', ''))
          .map((at) => `* ${at} EXPUNGE\r\n`)
      case 'SELECT':
      case 'EXAMINE':
        return [`* ${messages.length} EXISTS\r\n`, '* FLAGS ()\r\n', `* OK [UIDVALIDITY ${uidValidity}] ok\r\n`]
      case 'UID SEARCH': {
        const upTo = /1:(\d+)/.exec(words.join(' '))?.[1]
        if (upTo) {
          const early = messages.filter(({ uid }) => uid <= Number(upTo))
          return [`* SEARCH ${early.map(({ uid }) => uid).join(' ')}\r\n`]
        }
        const from = Number(/(\d+):\*/.exec(words.join(' '))?.[1] ?? 1)
        const last = messages.at(-1)?.uid
        const found = messages.filter(({ uid }) => uid >= from || uid === last)
        return [`* SEARCH ${found.map(({ uid }) => uid).join(' ')}\r\n`]
      }
      case 'UID FETCH': {
        const wanted = new Set(uidsIn(words[2] ?? ''))
        const source = /BODY/.test(words.join(' '))
        // Newest first: a server may answer in any order.
        return messages
          .flatMap(({ uid, raw }, index) => (wanted.has(uid) ? [fetched(index + 1, uid, raw, source)] : []))
          .reverse()
      }
      case 'IDLE':
        this.idling = tag
        // What came between two commands is told at the next.
        this.socket.write(`+ idling\r\n* ${messages.length} EXISTS\r\n`)
        return undefined
      case 'LOGOUT':
        this.socket.end('* BYE\r\n')
        return []
      default:
        return []
    }
  }
}

/** The UIDs of a set such as `1:3,7` (imapflow packs runs together). */
function uidsIn(set: string): number[] {
  return set.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split(':').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

function fetched(seq: number, uid: number, raw: string, source: boolean): string {
  if (!source) return `* ${seq} FETCH (UID ${uid} RFC822.SIZE ${raw.length})\r\n`
  return `* ${seq} FETCH (UID ${uid} BODY[] {${Buffer.byteLength(raw)}}\r\n${raw})\r\n`
}
