import type { TokenType } from 'chevrotain'
import { Source } from '../source.ts'
import { outermost } from '../text/body.ts'
import type { Ending } from '../text/ending.ts'
import { type Lexed, lex } from '../text/lexer.ts'
import { endingOf } from '../text/parse.ts'
import { Close, isKeywordType, keyword, Open, Text, type Token, Word } from '../text/tokens.ts'
import type { Completion, Completions } from './completion.ts'
import { continuationOf } from './continuation.ts'
import { Offers, placeholder } from './offers.ts'
import { snippetOf } from './snippets.ts'
import { completeTemplate } from './template-completion.ts'
import { helpAfterOn, helpInBody, helpInExpression, isAfterOn, wholePhrase } from './words.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** Completion in Zgoda text: keywords by the grammar, names by the resolver. */
export function completeText(workspace: WrittenWorkspace, source: Source, offset: number): Completions {
  const lexed = lex(source)
  if (lexed.comments.some(({ start, end }) => start < offset && offset <= end)) return nothing(offset)
  const string = lexed.tokens.find((token) => token.tokenType === Text && isInside(source, token, offset))
  if (string)
    return completeTemplate(workspace, source, { start: string.startOffset, end: string.endOffset + 1 }, offset)
  const place = placeOf(source, lexed, offset)
  const ending = endingOf(source, place.from, place.start)
  const names = wantsName(ending) ? namesAt(workspace, source, place) : []
  const words = keywordsOf(ending, place.fresh).map((type) => keywordItem(source, place, ending, type))
  return { start: place.start, end: offset, items: withoutTwins([...names, ...words]) }
}

function nothing(offset: number): Completions {
  return { start: offset, end: offset, items: [] }
}

/** Between the quotes of a text, or behind one that is never closed. */
function isInside(source: Source, { startOffset, endOffset }: Token, offset: number): boolean {
  const end = endOffset + 1
  const closed = end - startOffset > 1 && source.text.charAt(endOffset) === '"'
  return startOffset < offset && (closed ? offset < end : offset <= end)
}

interface Place {
  /** Where the declaration begins that the place is in. */
  readonly from: number
  /** The word that is being written. */
  readonly start: number
  readonly end: number
  /** Nothing stands before it on its line, or only a brace: a statement begins. */
  readonly fresh: boolean
}

function placeOf(source: Source, { tokens }: Lexed, offset: number): Place {
  const isWord = (token: Token) => token.tokenType === Word || isKeywordType(token.tokenType)
  const at = tokens.find((token) => isWord(token) && token.startOffset <= offset && offset <= token.endOffset + 1)
  const start = at?.startOffset ?? offset
  const before = tokens.filter((token) => token.startOffset < start)
  const previous = before[before.length - 1]
  const outer = before.findLast((token) => token.first && outermost.has(token.tokenType) && isAtMargin(source, token))
  const onFreshLine = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start).trim() === ''
  return {
    from: outer?.startOffset ?? 0,
    start,
    end: Math.max(offset, at ? at.endOffset + 1 : offset),
    fresh: onFreshLine || previous?.tokenType === Open || previous?.tokenType === Close,
  }
}

function isAtMargin(source: Source, token: Token): boolean {
  return token.startOffset === 0 || source.text.charCodeAt(token.startOffset - 1) === 10
}

/** A name may stand there. A table's rows begin with expressions. */
function wantsName({ types, body }: Ending): boolean {
  return types.includes(Word) || body?.of === 'table'
}

/** Where a statement may begin, only what begins one: nobody goes on with the last statement on a new line. */
function keywordsOf({ types, body }: Ending, fresh: boolean): readonly TokenType[] {
  if (body && fresh)
    return [...body.starters.map((word) => keyword[word]), ...types.filter((type) => type === keyword.go)]
  return types.filter(isKeywordType)
}

function keywordItem(source: Source, place: Place, ending: Ending, type: TokenType): Completion {
  const word = (type.LABEL ?? '').replaceAll('`', '')
  const body = ending.body && place.fresh ? ending.body : undefined
  const help = body
    ? helpInBody(word, body.of)
    : isAfterOn(ending)
      ? helpAfterOn(word)
      : helpInExpression(wholePhrase(word))
  const snippet = body && snippetOf(word, body.of)
  const label = snippet === undefined ? forced(source, place, ending, word) : word
  return {
    label,
    kind: 'keyword',
    ...(help === undefined ? {} : { help }),
    ...(snippet === undefined ? {} : { snippet }),
  }
}

/** The word with those that can't but follow it: `go to`, `reply from client`. */
function forced(source: Source, place: Place, ending: Ending, word: string): string {
  let words = ending.types.includes(Word) ? wholePhrase(word) : word
  const before = source.text.slice(place.from, place.start)
  while (words.length < 40) {
    const text = `${before}${words} `
    const { types, incomplete } = endingOf(new Source({ name: source.name, text }), 0, text.length)
    const [only, ...more] = new Set(types)
    if (!incomplete || !only || more.length > 0 || !isKeywordType(only)) break
    words += ` ${(only.LABEL ?? '').replaceAll('`', '')}`
  }
  return words
}

/** What the resolver takes at the place, as the text stands or, where that can't be read, as it may be meant to go on. */
function namesAt(workspace: WrittenWorkspace, source: Source, place: Place): readonly Completion[] {
  const before = source.text.slice(0, place.start) + placeholder
  const after = source.text.slice(place.end)
  const offers = new Offers()
  workspace.listen(source.name, before + after, offers)
  if (offers.any) return offers.items
  const rest = after.indexOf('\n') < 0 ? '' : after.slice(after.indexOf('\n'))
  const braces = after.slice(0, after.length - rest.length).match(/[\s}]*$/)?.[0] ?? ''
  const declaration = before.slice(place.from)
  const more = continuationOf((more) => {
    const text = declaration + more
    return endingOf(new Source({ name: source.name, text }), 0, text.length)
  })
  workspace.listen(source.name, `${before}${more}${braces}${rest}`, offers)
  return offers.items
}

/** A word that the grammar and the resolver both know, such as `yes`, once. */
export function withoutTwins(items: readonly Completion[]): Completion[] {
  const labels = new Set<string>()
  return items.filter(({ label, kind }) => {
    const isTwin = labels.has(label) && (kind === 'keyword' || kind === 'word')
    labels.add(label)
    return !isTwin
  })
}
