import type { Diagnostic } from '../diagnostic.ts'
import type { Source } from '../source.ts'
import type { FileNode } from '../tree.ts'
import { lex } from './lexer.ts'
import { WorkspaceGrammar } from './workspace-grammar.ts'

export interface Parsed {
  readonly tree: FileNode
  readonly problems: readonly Diagnostic[]
}

/** The one parser instance with its two ways in. */
class Parser extends WorkspaceGrammar {
  readFile(source: Source): Parsed {
    const lexed = lex(source)
    if (lexed.tooDeep) return { tree: { declarations: [] }, problems: lexed.problems }
    this.tooLong.length = 0
    this.begin(source, lexed)
    const tree = this.file()
    return { tree, problems: [...lexed.problems, ...this.finish(), ...this.tooLong] }
  }
}

let parser: Parser | undefined

/** Reads a file of Zgoda text. Never throws: what can't be read becomes problems. */
export function parseText(source: Source): Parsed {
  parser ??= new Parser()
  return parser.readFile(source)
}
