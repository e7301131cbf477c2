import type { Readable } from 'node:stream'

/** Input that no client of ours sends; the connection ends after it. */
export class ImapInputError extends Error {
  override readonly name = 'ImapInputError'
}

/** An argument of a command: an atom, string or literal as text (one character a byte), or a list in parentheses. */
export type Argument = string | readonly Argument[]

export interface Command {
  readonly tag: string
  /** In capitals; with its second word where the first is `UID`. */
  readonly name: string
  readonly arguments: readonly Argument[]
}

const longestLine = 64 * 1024
const largestLiteral = 64 * 1024
const mostLiterals = 16
const deepestList = 8

/** Reads lines and commands (RFC 3501 §9), literals included, from a connection. */
export class ImapInput {
  readonly #chunks: AsyncIterator<Buffer>
  #buffer: Buffer = Buffer.alloc(0)

  constructor(source: Readable) {
    this.#chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** The next line without its end; `undefined` once the client has gone. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf(0x0a)
      if (end > longestLine || (end === -1 && this.#buffer.length > longestLine)) {
        throw new ImapInputError('line too long')
      }
      if (end !== -1)
        return this.#take(end + 1)
          .toString('latin1')
          .replace(/\r?\n$/, '')
      if (!(await this.#more())) return undefined
    }
  }

  /** The next command. `goOn` tells the client to send a literal it has announced. */
  async command(goOn: () => void): Promise<Command | undefined> {
    let text = ''
    const literals: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === undefined) return undefined
      if (line.includes('\0')) throw new ImapInputError('NUL in a line')
      const literal = /\{(\d{1,10})(\+?)\}$/.exec(line)
      if (!literal) return parseCommand(text + line, literals)
      const size = Number(literal[1])
      if (size > largestLiteral || literals.length === mostLiterals) throw new ImapInputError('literal too large')
      if (literal[2] !== '+') goOn()
      const bytes = await this.#bytes(size)
      if (bytes === undefined) return undefined
      literals.push(bytes.toString('latin1'))
      // NUL stands for the literal: no line holds one.
      text += `${line.slice(0, literal.index)}\0`
      if (text.length > longestLine) throw new ImapInputError('line too long')
    }
  }

  async #bytes(size: number): Promise<Buffer | undefined> {
    while (this.#buffer.length < size) if (!(await this.#more())) return undefined
    return this.#take(size)
  }

  #take(size: number): Buffer {
    const taken = this.#buffer.subarray(0, size)
    this.#buffer = this.#buffer.subarray(size)
    return taken
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next().catch(() => ({ done: true as const, value: undefined }))
    if (next.done || next.value === undefined) return false
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value])
    return true
  }
}

/** A syntax error has the name `''`, so that its tag can still be answered. */
function parseCommand(text: string, literals: readonly string[]): Command {
  const [, tag = '', name = '', rest = ''] = /^([^\s(){}%*"\\+]{1,64}) ([A-Za-z]{1,20})(?: (.*))?$/s.exec(text) ?? []
  if (!tag) return { tag: text.split(' ', 1)[0]?.replace(/[^\w.-]/g, '') || '*', name: '', arguments: [] }
  const parsed = parseArguments(rest, literals)
  if (!parsed) return { tag, name: '', arguments: [] }
  const upper = name.toUpperCase()
  if (upper !== 'UID') return { tag, name: upper, arguments: parsed }
  const [second, ...others] = parsed
  return { tag, name: typeof second === 'string' ? `UID ${second.toUpperCase()}` : '', arguments: others }
}

/** `undefined` where the text is no list of arguments. */
export function parseArguments(text: string, literals: readonly string[]): readonly Argument[] | undefined {
  const open: Argument[][] = [[]]
  let literal = 0
  let at = 0
  while (at < text.length) {
    const list = open.at(-1) as Argument[]
    const rest = text.slice(at, at + 1)
    if (rest === ' ') at += 1
    else if (rest === '(') {
      if (open.length > deepestList) return undefined
      open.push([])
      at += 1
    } else if (rest === ')') {
      if (open.length === 1) return undefined
      open.pop()
      open.at(-1)?.push(list)
      at += 1
    } else if (rest === '\0') {
      list.push(literals[literal] ?? '')
      literal += 1
      at += 1
    } else {
      const word = rest === '"' ? quoted(text, at) : atom(text, at)
      if (!word) return undefined
      list.push(word.value)
      at = word.end
    }
  }
  return open.length === 1 ? open[0] : undefined
}

interface Word {
  readonly value: string
  readonly end: number
}

const quotedWord = /"((?:[^"\\]|\\["\\])*)"/y
/** With a section in brackets, spaces and lists within it: `BODY.PEEK[HEADER.FIELDS (TO CC)]<0.100>`. */
const atomWord = /[^\s(){}"\0[\]]+(?:\[[^[\]\0]*\](?:<[\d.]+>)?)?/y

function quoted(text: string, at: number): Word | undefined {
  quotedWord.lastIndex = at
  const found = quotedWord.exec(text)
  return found ? { value: (found[1] ?? '').replace(/\\(.)/g, '$1'), end: quotedWord.lastIndex } : undefined
}

function atom(text: string, at: number): Word | undefined {
  atomWord.lastIndex = at
  const found = atomWord.exec(text)
  return found ? { value: found[0], end: atomWord.lastIndex } : undefined
}
