import type { TokenType } from 'chevrotain'
import type { Ending } from '../text/ending.ts'
import {
  Colon,
  Comma,
  DateLiteral,
  Equal,
  isKeywordType,
  Numeral,
  Open,
  ParenClose,
  ParenOpen,
  Text,
  Word,
} from '../text/tokens.ts'

const mostWords = 12

/** What makes something whole that was begun, the shortest way: `send letter` goes on with `to x`. */
export function continuationOf(endingWith: (more: string) => Ending): string {
  let more = ''
  for (let words = 0; words < mostWords; words++) {
    const { types, incomplete } = endingWith(more)
    if (!incomplete) break
    const next = sampleOf(types)
    if (next === undefined) break
    more += ` ${next}`
  }
  return more
}

const samples: ReadonlyMap<TokenType, string> = new Map([
  [ParenClose, ')'],
  [Text, '""'],
  [Word, 'x'],
  [Numeral, '1'],
  [Colon, ':'],
  [Equal, '='],
  [Open, '{ }'],
  [Comma, ','],
  [DateLiteral, '2026-01-01'],
  [ParenOpen, '('],
])

function sampleOf(types: readonly TokenType[]): string | undefined {
  for (const [type, sample] of samples) if (types.includes(type)) return sample
  return types.find(isKeywordType)?.LABEL?.replaceAll('`', '')
}
