import { z105 } from '../checks/z105-file.ts'
import { type Diagnostic, diagnose } from '../diagnostic.ts'
import type { Source, Span } from '../source.ts'
import type { DurationNode, ExpressionNode, FileNode, KeepNode, WorkingDays } from '../tree.ts'
import type { Ending } from './ending.ts'
import { lex } from './lexer.ts'
import { WorkspaceGrammar } from './workspace-grammar.ts'

export interface Parsed {
  readonly tree: FileNode
  /** From `#` to the end of its line, each. */
  readonly comments: readonly Span[]
  readonly problems: readonly Diagnostic[]
}

/** What a single value of YAML may say in the words of Zgoda text. */
export interface Values {
  readonly expression: ExpressionNode
  readonly duration: DurationNode
  readonly keep: KeepNode
  readonly days: WorkingDays['days']
  readonly clock: WorkingDays['from']
}

/** More than a file of 1 MiB that says something has: it would take longer to read than an author waits. */
const mostTokens = 300_000
const tooMuch = `the file holds more than ${mostTokens} words and signs`

/** The one parser instance with its two ways in. */
class Parser extends WorkspaceGrammar {
  readValue<K extends keyof Values>(kind: K, source: Source, start: number, end: number) {
    const lexed = lex(source, start, end)
    if (lexed.tooDeep) return { value: undefined, problems: lexed.problems }
    // Lines mean nothing inside a value: YAML may fold it anywhere.
    for (const token of lexed.tokens) token.first = false
    this.tooLong.length = 0
    this.begin(source, lexed, end)
    const read = this.#valueRule(kind)() as Values[K] | undefined
    const problems = [...lexed.problems, ...this.finish(), ...this.tooLong]
    return { value: problems.length > 0 ? undefined : read, problems }
  }

  #valueRule(kind: keyof Values): () => unknown {
    switch (kind) {
      case 'expression':
        return () => this.expression()
      case 'duration':
        return () => this.duration()
      case 'keep':
        return () => this.keep()
      case 'days':
        return () => this.dayRanges()
      case 'clock':
        return () => this.clock()
    }
  }

  readUntil(source: Source, start: number, end: number): Ending {
    const lexed = lex(source, start, end)
    this.begin(source, lexed, end)
    if (!lexed.tooDeep) this.file()
    this.finish()
    return this.ending
  }

  readEnding(): Ending {
    return this.ending
  }

  readFile(source: Source): Parsed {
    const lexed = lex(source)
    const { comments } = lexed
    if (lexed.tooDeep) return { tree: { declarations: [] }, comments, problems: lexed.problems }
    if (lexed.tokens.length > mostTokens) {
      const problem = diagnose(z105, { source, start: 0, end: 1 }, tooMuch, 'split it: files of a folder are merged')
      return { tree: { declarations: [] }, comments, problems: [problem] }
    }
    this.tooLong.length = 0
    this.begin(source, lexed)
    const tree = this.file()
    return { tree, comments, problems: [...lexed.problems, ...this.finish(), ...this.tooLong] }
  }
}

let parser: Parser | undefined

/** Reads a file of Zgoda text. Never throws: what can't be read becomes problems. */
export function parseText(source: Source): Parsed {
  parser ??= new Parser()
  return parser.readFile(source)
}

/** What could come next if Zgoda text ended at `end`. */
export function endingOf(source: Source, start: number, end: number): Ending {
  parser ??= new Parser()
  return parser.readUntil(source, start, end)
}

/** The same for a stretch that is a single value. */
export function endingOfValue(kind: keyof Values, source: Source, start: number, end: number): Ending {
  parser ??= new Parser()
  parser.readValue(kind, source, start, end)
  return parser.readEnding()
}

/** Reads a stretch of a file, or of a text apart from it, as one value. `value` is absent where there is a problem. */
export function parseValue<K extends keyof Values>(
  kind: K,
  source: Source,
  start: number,
  end: number,
): { readonly value: Values[K] | undefined; readonly problems: readonly Diagnostic[] } {
  parser ??= new Parser()
  return parser.readValue(kind, source, start, end)
}
