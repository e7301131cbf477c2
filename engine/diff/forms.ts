import type { Definition, Form, Question } from '../definition.ts'
import { own } from '../named.ts'
import { expressionInWords } from '../wording.ts'
import { type Aspect, added, changed, changes, compareNamed, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { expressionKey, textKey } from './key.ts'
import { listInWords, textInWords } from './words.ts'

/** What differs in the forms that clients fill in. */
export function compareForms(before: Definition, after: Definition): Difference[] {
  return compareNamed(before.forms, after.forms, subjectOf, formInWords, (one, other) => [
    ...changes(subjectOf(other), aspects, one, other),
    ...compareQuestions(one, other),
  ])
}

function subjectOf(form: Form): Subject {
  return { what: 'form', ...processOf(form), name: form.name }
}

function processOf({ starts, fills }: Form): { process?: string } {
  const process = starts ?? fills
  return process === undefined ? {} : { process }
}

function formInWords(form: Form): string {
  const questions = form.questions.map(questionInWords)
  return `${textInWords(form.title)}, ${leadsTo(form)}: ${listInWords(questions, 'no questions')}`
}

function leadsTo({ starts, fills }: Form): string {
  return starts === undefined ? `fills ${fills}` : `starts ${starts}`
}

const aspects: readonly Aspect<Form>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'process', words: leadsTo },
]

function compareQuestions(before: Form, after: Form): Difference[] {
  const was = byName(before)
  const is = byName(after)
  const subject = (name: string): Subject => ({ what: 'question', ...processOf(after), name: `${after.name}: ${name}` })
  const kept = Object.keys(is).filter((name) => own(was, name))
  return [
    ...Object.entries(was).flatMap(([name, question]) =>
      own(is, name) ? [] : [removed(subject(name), questionInWords(question), question.at)],
    ),
    ...Object.entries(is).flatMap(([name, question]) => {
      const earlier = own(was, name)
      if (!earlier) return [added(subject(name), questionInWords(question), question.at)]
      if (keyOf(earlier) === keyOf(question)) return []
      return [changed(subject(name), questionInWords(earlier), questionInWords(question), question.at)]
    }),
    ...order(
      after,
      Object.keys(was).filter((name) => own(is, name)),
      kept,
    ),
  ]
}

/** The order in which a client is asked is told too: what stands before a question informs the answer. */
function order(form: Form, before: readonly string[], after: readonly string[]): Difference[] {
  if (before.join() === after.join()) return []
  return [{ ...changed(subjectOf(form), listInWords(before), listInWords(after), form.at), aspect: 'order' }]
}

/** Questions by what they ask for; one that is asked twice, under other conditions, by its number too. */
function byName({ questions }: Form): Readonly<Record<string, Question>> {
  const found: Record<string, Question> = {}
  for (const question of questions) {
    const name = askInWords(question)
    let number = 1
    while (Object.hasOwn(found, numbered(name, number))) number += 1
    found[numbered(name, number)] = question
  }
  return found
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name} (${number})`
}

function askInWords({ ask }: Question): string {
  return 'field' in ask ? ask.field : `consent to ${ask.consent}`
}

function questionInWords(question: Question): string {
  const condition = question.when ? ` when ${expressionInWords(question.when)}` : ''
  return `ask ${askInWords(question)}${question.required ? ' required' : ''}${condition}`
}

function keyOf(question: Question): string {
  return JSON.stringify([question.required, expressionKey(question.when)])
}
