import type { Duration, Text } from '../../engine/definition.ts'
import { z102 } from '../checks/z102-unknown-word.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import { listOf } from '../list-of.ts'
import { didYouMean } from '../nearest.ts'
import type { DurationNode, Name, TextNode } from '../tree.ts'
import { units } from '../vocabulary.ts'
import type { Context } from './context.ts'

/** The longest time that a rule may wait or data may be kept, so that dates stay dates. */
const mostYears = 1000
const mostOf: Readonly<Record<Duration['unit'], number>> = {
  minute: mostYears * 366 * 24 * 60,
  hour: mostYears * 366 * 24,
  day: mostYears * 366,
  week: mostYears * 53,
  month: mostYears * 12,
  year: mostYears,
}

/** Words by language; those without one are English. What people are to read says something. */
export function textOf(context: Context, node: TextNode, mayBeEmpty = false): Text {
  const text: Record<string, string> = {}
  for (const { language, words } of node.parts) {
    const key = language?.text ?? 'en'
    if (!mayBeEmpty && words.value.trim() === '') {
      context.report(z103, words.span, 'this text is empty', 'write something, or take it away')
    }
    if (Object.hasOwn(text, key)) {
      context.report(z104, words.span, `the text in \`${key}\` stands here twice`, 'keep one of them')
    } else text[key] = words.value
  }
  return text
}

/** A title, or the name in words where there is none. */
export function titleOf(context: Context, name: string, title: TextNode | undefined): Text {
  if (title) return textOf(context, title)
  const words = name.replaceAll('_', ' ')
  return { en: words.charAt(0).toUpperCase() + words.slice(1) }
}

export function durationOf(context: Context, node: DurationNode): Duration {
  context.listener?.offered(node.unit, [], Object.keys(units))
  const unit = Object.hasOwn(units, node.unit.text) ? units[node.unit.text as keyof typeof units] : undefined
  const amount = node.amount.value
  if (!unit) {
    const hint =
      didYouMean(node.unit.text, Object.keys(units)) ?? 'units are minutes, hours, days, weeks, months and years'
    context.report(z103, node.unit.span, `\`${node.unit.text}\` is no unit of time`, hint)
  } else if (!Number.isInteger(amount) || amount > mostOf[unit]) {
    context.report(z103, node.amount.span, `a duration is a whole number of ${unit}s, at most ${mostOf[unit]}`)
  } else if (node.working && unit !== 'day' && unit !== 'hour' && unit !== 'minute') {
    context.report(z103, node.span, `there are working days, hours and minutes, no working ${unit}s`)
  } else return { amount, unit, working: node.working }
  return { amount: 1, unit: unit ?? 'day', working: false }
}

/** Reports a date that is in no calendar. */
export function checkDate(context: Context, date: Name): void {
  const [year, month, day] = date.text.split('-').map(Number)
  const real = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0))
  if (!Number.isNaN(real.getTime()) && real.toISOString().slice(0, 10) === date.text) return
  context.report(z103, date.span, `there is no day \`${date.text}\``, 'dates are year-month-day: `2026-12-25`')
}

/** One of a fixed list of words; reports Z102 for others. */
export function oneOf<W extends string>(
  context: Context,
  word: Name,
  words: readonly W[],
  what: string,
): W | undefined {
  context.listener?.offered(word, [], words)
  if ((words as readonly string[]).includes(word.text)) return word.text as W
  if (word.text === '') return undefined
  const list = listOf(
    words.map((each) => `\`${each}\``),
    'or',
  )
  const hint = didYouMean(word.text, words) ?? `it is ${list}`
  context.report(z102, word.span, `\`${word.text}\` is no ${what}`, hint)
  return undefined
}

/** Those of the words that are in the list; others are reported. */
export function someOf<W extends string>(
  context: Context,
  listed: readonly Name[],
  words: readonly W[],
  what: string,
): W[] {
  const found = listed.map((word) => oneOf(context, word, words, what)).filter((word) => word !== undefined)
  return [...new Set(found)]
}
