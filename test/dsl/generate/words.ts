import fc from 'fast-check'
import type { DurationNode, Name, NumberNode, StringNode, TextNode } from '../../../dsl/tree.ts'
import { keywords, units } from '../../../dsl/vocabulary.ts'
import { duration, name, nowhere, number, string } from './nodes.ts'

/** Words that mean something in one place or another without being keywords. */
const odd = ['count', 'length', 'lower', 'minutes', 'assignee', 'everyone', 'name', 'missing', 'none', 'x']

/** Names, many of them words of the language. */
export const anyWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/) },
  { weight: 3, arbitrary: fc.constantFrom<string>(...keywords) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
)

export const anyName: fc.Arbitrary<Name> = anyWord.map(name)

/** Pieces that are not what they look like between quotes. */
const pieces = [
  '"',
  '"""',
  '\\',
  '\\n',
  '\n',
  '\n\n',
  '\n  ',
  '  \n',
  '\t',
  ' ',
  '#',
  '{{ x }}',
  '{% if %}',
  '}',
  '\r\n',
  '\u00a0',
  '\ufeff',
  'ż',
  '😀',
  'a',
  'pl "x"',
]

/** Texts of any letters, quotes, backslashes and lines. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
  fc
    .array(fc.constantFrom('One line.', '', '  set in', 'Spaces behind.  ', '\ttab', '> quote'), {
      minLength: 2,
      maxLength: 5,
    })
    .map((lines) => lines.join('\n')),
)

export const anyString: fc.Arbitrary<StringNode> = anyText.map(string)

const languages = fc.uniqueArray(fc.constantFrom('pl', 'de', 'uk', 'at', 'on', 'go', 'by', 'as', 'in', 'or'), {
  maxLength: 2,
})

/** A text in one language or several, the first of which may have no name. */
export const anyTranslated: fc.Arbitrary<TextNode> = fc
  .tuple(fc.boolean(), languages, fc.array(anyString, { minLength: 3, maxLength: 3 }))
  .map(([bare, translations, [first = string(''), ...more]]) => {
    const parts = translations.map((language, index) => ({ language: name(language), words: more[index] ?? first }))
    return { parts: bare || parts.length === 0 ? [{ words: first }, ...parts] : parts, span: nowhere }
  })

/** A number as people write them: `12.50`. */
export const anyNumber: fc.Arbitrary<NumberNode> = fc
  .stringMatching(/^(0|[1-9][0-9]{0,6}|0[0-9]{1,2})(\.[0-9]{1,7})?$/)
  .map(number)

export const anyDuration: fc.Arbitrary<DurationNode> = fc
  .tuple(fc.nat(100), fc.constantFrom(...Object.keys(units)), fc.boolean())
  .map(([amount, unit, working]) => duration(String(amount), unit, working))

export const anyDate: fc.Arbitrary<string> = fc.stringMatching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
