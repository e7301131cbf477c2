import { indentUnit, LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language'
import { constants, declaring, joining, stating, timeUnits, types } from '../words.ts'

interface State {
  /** Braces that are open. */
  depth: number
  /** Within a text between `"""`. */
  inBlock: boolean
  /** Nothing of a statement has been read yet. */
  begins: boolean
  /** A declaring word was read: a name follows. */
  declares: 'field' | 'other' | undefined
  /** Within a field or the head of a table, where types stand. */
  typed: boolean
}

const declaringWords = new Set(declaring)
const statingWords = new Set(stating)
const joiningWords = new Set(joining)
const constantWords = new Set(constants)
const time = new RegExp(`^\\d+ (?:working )?(?:${timeUnits.join('|')})\\b`)
const type = new RegExp(`^(?:${types.join('|')})(?![\\w/])`)

/** Zgoda text for CodeMirror: colours by where a word stands, indentation by braces, `#` for comments. */
export const zgodaLanguage = StreamLanguage.define<State>({
  name: 'zgoda',
  startState: () => ({ depth: 0, inBlock: false, begins: true, declares: undefined, typed: false }),
  copyState: (state) => ({ ...state }),
  token: (stream, state) => {
    if (state.inBlock) return readBlock(stream, state)
    if (stream.sol()) Object.assign(state, { begins: true, typed: false, declares: undefined })
    if (stream.eatSpace()) return null
    return readToken(stream, state)
  },
  indent: (state, after, { unit }) => {
    if (state.inBlock) return null
    return Math.max(0, state.depth - (/^\s*\}/.test(after) ? 1 : 0)) * unit
  },
  languageData: {
    commentTokens: { line: '#' },
    closeBrackets: { brackets: ['{', '(', '"'] },
    indentOnInput: /^\s*\}$/,
    wordChars: '_',
  },
})

/** The language with the indentation that its texts have. */
export function zgoda(): LanguageSupport {
  return new LanguageSupport(zgodaLanguage, indentUnit.of('  '))
}

function readToken(stream: StringStream, state: State): string | null {
  if (stream.match(/^#.*/)) return 'comment'
  if (stream.match('"""')) {
    state.inBlock = true
    return 'string'
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) {
    state.begins = false
    return 'string'
  }
  if (stream.match(/^[{}]/)) return readBrace(stream, state)
  if (stream.match(/^\d{4}-\d{2}-\d{2}\b/) || stream.match(time) || stream.match(/^\d+(?:[.:]\d+)?/)) return 'number'
  if (state.typed && !state.declares && stream.match(type)) return 'typeName'
  if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) return readWord(stream, state)
  if (stream.match(/^(?:!=|<=|>=|[=<>+*/-])/)) return 'operator'
  stream.next()
  return 'punctuation'
}

function readBlock(stream: StringStream, state: State): string {
  if (stream.match(/^.*?"""/)) state.inBlock = false
  else stream.skipToEnd()
  return 'string'
}

/** A statement may begin after a brace. */
function readBrace(stream: StringStream, state: State): string {
  state.depth = Math.max(0, state.depth + (stream.current() === '{' ? 1 : -1))
  state.begins = true
  state.typed = false
  return 'brace'
}

function readWord(stream: StringStream, state: State): string {
  const word = stream.current()
  const { begins, declares } = state
  state.begins = begins && word === 'final'
  state.declares = undefined
  if (declares) return declares === 'field' ? 'propertyName.definition' : 'typeName.definition'
  if (begins && declaringWords.has(word)) {
    state.declares = word === 'company' || word === 'hours' ? undefined : word === 'field' ? 'field' : 'other'
    state.typed = word === 'field' || word === 'table'
    return 'keyword'
  }
  if (begins && statingWords.has(word)) return 'keyword'
  if (/^\s*\(/.test(stream.string.slice(stream.pos)) && !joiningWords.has(word)) return 'variableName.function'
  if (constantWords.has(word)) return 'atom'
  return joiningWords.has(word) ? 'operatorKeyword' : 'variableName'
}
