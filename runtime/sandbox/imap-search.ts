import type { Argument } from './imap-input.ts'
import { numberSet } from './imap-set.ts'
import type { Delivered } from './mailboxes.ts'

export interface SearchSubject {
  readonly letter: Delivered
  readonly sequence: number
  readonly flags: ReadonlySet<string>
}

type Test = (subject: SearchSubject) => boolean

const flagKeys: Readonly<Record<string, string>> = {
  SEEN: '\\Seen',
  ANSWERED: '\\Answered',
  FLAGGED: '\\Flagged',
  DELETED: '\\Deleted',
  DRAFT: '\\Draft',
}

/** The test of a SEARCH (RFC 3501 §6.4.4) by numbers, flags and dates; `undefined` where a key is unknown here. */
export function searchTest(keys: readonly Argument[], letters: readonly Delivered[]): Test | undefined {
  const tests: Test[] = []
  const left = [...keys]
  if (left.length === 0) return undefined
  while (left.length > 0) {
    const key = left.shift()
    const test = typeof key === 'string' ? testOf(key.toUpperCase(), left, letters) : searchTest(key ?? [], letters)
    if (!test) return undefined
    tests.push(test)
  }
  return (subject) => tests.every((test) => test(subject))
}

function testOf(key: string, left: Argument[], letters: readonly Delivered[]): Test | undefined {
  if (key === 'ALL') return () => true
  if (key === 'NOT') {
    const test = searchTest(left.splice(0, 1), letters)
    return test && ((subject) => !test(subject))
  }
  const flag = flagKeys[key]
  if (flag) return ({ flags }) => flags.has(flag)
  const without = key.startsWith('UN') ? flagKeys[key.slice(2)] : undefined
  if (without) return ({ flags }) => !flags.has(without)
  if (key === 'UID') {
    const set = numberSet(String(left.shift()), letters.at(-1)?.uid ?? 0)
    return set && (({ letter }) => set(letter.uid))
  }
  if (key === 'SINCE' || key === 'BEFORE' || key === 'ON') return dateTest(key, String(left.shift()))
  const set = numberSet(key, letters.length)
  return set && (({ sequence }) => set(sequence))
}

function dateTest(key: 'SINCE' | 'BEFORE' | 'ON', text: string): Test | undefined {
  const [, day, month, year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text) ?? []
  const time = Date.parse(`${day} ${month} ${year} 00:00:00 UTC`)
  if (Number.isNaN(time)) return undefined
  const wanted = new Date(time).toISOString().slice(0, 10)
  return ({ letter }) => {
    const day = letter.at.slice(0, 10)
    return key === 'SINCE' ? day >= wanted : key === 'BEFORE' ? day < wanted : day === wanted
  }
}
