import type { Source } from '../source.ts'
import type { Meaning } from '../symbols.ts'
import type { Ending } from '../text/ending.ts'
import { lex } from '../text/lexer.ts'
import { endingOf } from '../text/parse.ts'
import { isKeywordType, keyword, Word } from '../text/tokens.ts'
import type { PurposeNode } from '../tree.ts'
import type { Keyword } from '../vocabulary.ts'
import { otherTitlesOf, purposeText, summaryOf, titleOf } from './describe.ts'
import { helpAfterOn, helpInBody, helpInExpression, isAfterOn, wholePhrase } from './words.ts'
import type { WrittenWorkspace } from './workspace.ts'
import { placeInYaml } from './yaml-place.ts'

export interface Hover {
  readonly start: number
  readonly end: number
  /** Markdown. */
  readonly text: string
}

/** What the name, word or key at an offset means. */
export function hover(workspace: WrittenWorkspace, file: string, offset: number): Hover | undefined {
  const { symbols } = workspace.analysis
  const found = symbols.at(file, offset)
  if (found) {
    const text = found.meanings.map((meaning) => describe(meaning, symbols.meanings)).join('\n\n---\n\n')
    return { start: found.at.start, end: found.at.end, text }
  }
  const source = workspace.source(file)
  if (!source) return undefined
  return source.notation === 'yaml' ? hoverKey(source, offset) : hoverWord(source, offset)
}

function describe(meaning: Meaning, all: readonly Meaning[]): string {
  const { kind, name, of, node } = meaning
  const owner = of === undefined ? '' : ` of ${kind === 'input' ? 'table' : 'process'} \`${of}\``
  const title = titleOf(node)
  const summary = summaryOf(node)
  const lines = [
    `**${kind} \`${name}\`**${owner}${title === undefined ? '' : `: ${escaped(title)}`}`,
    ...otherTitlesOf(node).map((other) => `*${escaped(other)}*`),
    ...(summary === undefined ? [] : [`\`${summary.replaceAll('`', '´')}\``]),
    ...moreAbout(meaning, all),
  ]
  return lines.join('\n\n')
}

/** A purpose’s own words; of a field, what the purposes are that it is held for. */
function moreAbout({ kind, node }: Meaning, all: readonly Meaning[]): string[] {
  if (kind === 'purpose' && node && 'items' in node) {
    const text = purposeText(node as PurposeNode)
    return text === undefined ? [] : [`> ${escaped(text).replaceAll('\n', '\n> ')}`]
  }
  const personal = node && 'personal' in node ? (node.personal as readonly { text: string }[]) : []
  return personal.flatMap(({ text }) => {
    const purpose = all.find((other) => other.kind === 'purpose' && other.name === text)
    const title = titleOf(purpose?.node)
    return purpose
      ? [`Held for \`${text}\`${title ? `: ${escaped(title)}` : ''} (${summaryOf(purpose.node) ?? '…'})`]
      : []
  })
}

/** Words of people are no Markdown of ours. */
function escaped(words: string): string {
  return words.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
}

function hoverWord(source: Source, offset: number): Hover | undefined {
  const token = lex(source).tokens.find(
    ({ tokenType, startOffset, endOffset }) =>
      isKeywordType(tokenType) && startOffset <= offset && offset <= endOffset + 1,
  )
  if (!token) return undefined
  const text = helpAt(endingOf(source, 0, token.startOffset), token.image)
  return text === undefined ? undefined : { start: token.startOffset, end: token.endOffset + 1, text }
}

/** What a word means where the grammar takes `ending`. */
function helpAt(ending: Ending, word: string): string | undefined {
  const { body, types } = ending
  if (body?.starters.some((starter) => starter === word)) return helpInBody(word, body.of)
  if (isAfterOn(ending)) return helpAfterOn(word)
  return types.includes(keyword[word as Keyword]) || types.includes(Word)
    ? helpInExpression(wholePhrase(word))
    : undefined
}

function hoverKey(source: Source, offset: number): Hover | undefined {
  const place = placeInYaml(source, offset)
  const [start, end] = place?.scalar.range ?? [0, 0]
  return place?.keyOf && place.key ? { start, end, text: place.key.help } : undefined
}
