import type { Field, Process } from '../definition.ts'
import { expressionInWords } from '../wording.ts'
import { type Aspect, added, changes, matched, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { expressionKey, setKey, textKey } from './key.ts'
import { typeKey } from './tables.ts'
import { whereSeen } from './visibility.ts'
import { listInWords, textInWords, typeInWords } from './words.ts'

/** What differs in the fields of a process. */
export function compareFields(before: Process, after: Process): Difference[] {
  const subject = ({ name }: Field): Subject => ({ what: 'field', process: after.name, name })
  const sides = matched(before.fields, after.fields)
  return [
    ...sides.gone.map((field) => removed(subject(field), fieldInWords(field), field.at)),
    ...sides.new.map((field) => added(subject(field), fieldInWords(field), field.at, whereSeen(after, field.name))),
    ...sides.both.flatMap((pair) => changes(subject(pair.after), aspects, pair.before, pair.after)),
  ]
}

function fieldInWords({ title, type, personal, special }: Field): string {
  const purposes = personal.length > 0 ? ` personal for ${personal.join(', ')}` : ''
  return `${textInWords(title)} ${typeInWords(type)}${purposes}${special ? ', special' : ''}`
}

const aspects: readonly Aspect<Field>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'type', words: ({ type }) => typeInWords(type), same: ({ type }) => typeKey(type) },
  {
    name: 'personal',
    words: ({ personal }) => listInWords(personal, 'not personal'),
    same: ({ personal }) => setKey(personal),
  },
  { name: 'special', words: ({ special }) => (special ? 'yes' : 'no') },
  {
    name: 'default',
    words: (field) => field.default && expressionInWords(field.default),
    same: (field) => expressionKey(field.default),
  },
]
