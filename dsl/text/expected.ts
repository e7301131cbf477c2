import { EOF, type IToken, type TokenType } from 'chevrotain'
import { z101 } from '../checks/z101-unreadable.ts'
import { type Diagnostic, diagnose } from '../diagnostic.ts'
import { listOf } from '../list-of.ts'
import { didYouMean } from '../nearest.ts'
import type { Source, Span } from '../source.ts'
import { isKeywordType, keyword, Text, type Token, Word } from './tokens.ts'

/** A place where the grammar could not go on, and what it would have taken there. */
export interface Complaint {
  readonly actual: IToken
  readonly previous: IToken
  readonly expected: readonly TokenType[]
  /** What might have stood before it, and was left away. */
  readonly noted?: readonly TokenType[]
  readonly ruleName: string
}

/** What a rule as a whole wants, where naming its first tokens would say less. */
const wants: Readonly<Record<string, string>> = {
  expression: 'an expression',
  conjunction: 'an expression',
  negation: 'an expression',
  comparison: 'an expression',
  sum: 'an expression',
  product: 'an expression',
  unary: 'an expression',
  primary: 'an expression',
  duration: 'a duration such as `14 days`',
  unit: 'a unit of time such as `days`',
  phrase: 'a word',
  text: 'a text in quotes',
  clock: 'a time such as `8:00`',
}

/** The problem in the author's words: what was expected, after what, and what stands there. */
export function explainComplaint(source: Source, end: number, complaint: Complaint): Diagnostic {
  const { actual, previous } = complaint
  const labels = labelsOf(complaint)
  const expected = labels.length === 0 ? 'nothing more' : listOf(labels, 'or')
  const atEnd = actual.tokenType === EOF || (actual as Token).first
  if (atEnd && previous.tokenType !== EOF) {
    return diagnose(z101, spanOf(source, previous), `expected ${expected} after ${shown(source, previous)}`)
  }
  const words = [...(complaint.noted ?? []), ...complaint.expected]
    .filter(isKeywordType)
    .map((type) => (type.LABEL ?? '').replaceAll('`', ''))
  const hint = (actual.tokenType === Word ? didYouMean(actual.image, words) : undefined) ?? valueMissing(complaint)
  return diagnose(z101, spanOf(source, actual, end), `expected ${expected}, found ${shown(source, actual)}`, hint)
}

/** What joins two values and was taken for a value itself. */
const joiners: ReadonlySet<TokenType> = new Set([keyword.and, keyword.or, keyword.is, keyword.in, keyword.contains])

function valueMissing({ previous: { tokenType, image }, expected }: Complaint): string | undefined {
  return joiners.has(tokenType) && !expected.includes(Word) ? `is a value missing before \`${image}\`?` : undefined
}

function labelsOf({ expected: all, noted = [], ruleName }: Complaint): string[] {
  const expected = all.filter((type) => type !== EOF)
  const label = (type: TokenType) => type.LABEL ?? type.name
  const whole = expected.length === 0 || expected.every(isKeywordType) ? undefined : wants[ruleName]
  return [...new Set([...noted.map(label), ...(whole ? [whole] : expected.map(label))])]
}

/** A token as the author wrote it, cut where it is long. */
export function shown(source: Source, token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file'
  if (token.tokenType === Text) {
    const text = source.text.slice(token.startOffset, (token.endOffset ?? 0) + 1)
    return text.length > 24 || text.includes('\n') ? 'a text' : `\`${text}\``
  }
  return token.image.length > 40 ? `\`${token.image.slice(0, 40)}…\`` : `\`${token.image}\``
}

/** Where a token stands; that of the end is the last letter before `end`. */
export function spanOf(source: Source, token: IToken, end = source.text.length): Span {
  if (token.tokenType === EOF) return { source, start: Math.max(0, end - 1), end }
  return { source, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 }
}
