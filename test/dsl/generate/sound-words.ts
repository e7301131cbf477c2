import fc from 'fast-check'
import type { DurationNode, Name, StringNode, TextNode } from '../../../dsl/tree.ts'
import type { Chance } from './chance.ts'
import { duration, name, nowhere, string } from './nodes.ts'
import { anyText, anyWord } from './words.ts'

/** Names with a meaning of their own that would hide what is called by them. */
const taken: ReadonlySet<string> = new Set([
  'yes',
  'no',
  'today',
  'now',
  'not',
  'count',
  'length',
  'lower',
  'constructor',
  'client',
  'assignee',
  'everyone',
])

/** Different names, many of them words of the language. */
export function someNames(chance: Chance, least: number, most: number): string[] {
  const word = anyWord.filter((each) => !taken.has(each))
  return chance.draw(fc.uniqueArray(word, { minLength: least, maxLength: most }))
}

/** A text that says something, and that no template engine takes for its own. */
const soundText = anyText.map((text) => text.replace(/\{(?=[{%])/g, '')).filter((text) => /[\p{L}\p{N}]/u.test(text))

export function text(chance: Chance): string {
  return chance.draw(soundText)
}

export function someString(chance: Chance): StringNode {
  return string(text(chance))
}

/** In one language or several. */
export function translated(chance: Chance, write: () => string = () => text(chance)): TextNode {
  const others = chance
    .some(['pl', 'de', 'uk'], 0, 1)
    .map((language) => ({ language: name(language), words: string(write()) }))
  const bare = others.length === 0 || !chance.once(4) ? [{ words: string(write()) }] : []
  return { parts: [...bare, ...others], span: nowhere }
}

export function titled(chance: Chance): { title?: TextNode } {
  return chance.maybe('title', () => translated(chance))
}

export function someDuration(
  chance: Chance,
  units: readonly string[] = ['minutes', 'hours', 'days', 'weeks', 'months', 'year'],
): DurationNode {
  const unit = chance.one(units)
  return duration(String(chance.between(1, 99)), unit, /minute|hour|day/.test(unit) && chance.once(3))
}

/** A day that is in the calendar. */
export function someDate(chance: Chance): string {
  const day = Date.UTC(2026, 0, 1) + chance.between(0, 4000) * 86_400_000
  return new Date(day).toISOString().slice(0, 10)
}

export function namesOf(words: readonly string[]): Name[] {
  return words.map(name)
}
