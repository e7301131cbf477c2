import type { CaseState, Value } from '../../../engine/case.ts'
import type { ConsentStatus, Definition, Form, Process, Question } from '../../../engine/definition.ts'
import { compileCondition } from '../../../engine/expression.ts'
import { inLanguage } from '../../../engine/text.ts'
import { parseValue } from '../../../engine/value.ts'
import { statementOfConsent, statesConsent } from '../../consent/check.ts'
import type { Language } from '../language.ts'
import { say, type Words } from '../words.ts'
import { rawValue, readTyped } from './field-input.ts'

/** A form as it came in: what may be sent on, and what is wrong beside which question. */
export interface Answers {
  readonly values: Readonly<Record<string, unknown>>
  readonly consents: Readonly<Record<string, 'given' | 'refused'>>
  readonly statements: Readonly<Record<string, string>>
  /** By the question's place in the form. */
  readonly problems: ReadonlyMap<number, string>
}

interface Ground {
  readonly definition: Definition
  readonly process: Process
  readonly form: Form
  readonly now: string
  readonly language: Language
  readonly words: Words
}

/**
 * Reads the answers. A question whose condition does not hold is not asked: its answer, if any came, is dropped. Required
 * asks for an answer, never for a yes (GDPR Art. 4(11)).
 */
export function readAnswers(sent: URLSearchParams, ground: Ground): Answers {
  const { form } = ground
  const values: Record<string, unknown> = {}
  const consents: Record<string, 'given' | 'refused'> = {}
  const statements: Record<string, string> = {}
  const problems = new Map<number, string>()
  const holds = conditions(sent, ground)
  for (const [at, question] of form.questions.entries()) {
    if (!holds(question)) continue
    const problem =
      'consent' in question.ask
        ? readConsent(sent, question, question.ask.consent, ground, consents, statements)
        : readField(sent, question, question.ask.field, ground, values)
    if (problem) problems.set(at, problem)
  }
  return { values, consents, statements, problems }
}

function readConsent(
  sent: URLSearchParams,
  { required }: Question,
  purpose: string,
  { definition, words, language }: Ground,
  consents: Record<string, 'given' | 'refused'>,
  statements: Record<string, string>,
): string | undefined {
  const decision = decisionOf(sent, purpose)
  if (!decision) return required ? words.decisionMissing : undefined
  if (decision === 'given' && definition.purposes[purpose]?.basis === 'explicit consent') {
    const statement = (sent.get(`statement.${purpose}`) ?? '').slice(0, 200)
    if (!statesConsent(statement)) return say(words.statementMissing, inLanguage(statementOfConsent, language))
    statements[purpose] = statement
  }
  consents[purpose] = decision
  return undefined
}

function readField(
  sent: URLSearchParams,
  { required }: Question,
  name: string,
  { process, words, language }: Ground,
  values: Record<string, unknown>,
): string | undefined {
  const field = process.fields[name]
  if (!field) return undefined
  const typed = readTyped(sent, field, language, words)
  if (typed === undefined) return required ? words.answerMissing : undefined
  if ('problem' in typed) return typed.problem
  values[name] = typed.raw
  return undefined
}

/** Whether a question's condition holds for the answers given, by the engine's own rules. */
function conditions(
  sent: URLSearchParams,
  { definition, process, form, now }: Ground,
): (question: Question) => boolean {
  const values: Record<string, Value> = {}
  const consents: Record<string, ConsentStatus> = {}
  for (const { ask } of form.questions) {
    if ('consent' in ask) consents[ask.consent] = decisionOf(sent, ask.consent) ?? 'none'
    else {
      const field = process.fields[ask.field]
      const raw = field && rawValue(sent.getAll(`field.${ask.field}`), field.type)
      const parsed = field && raw !== null ? parseValue(field.type, raw) : undefined
      if (parsed && 'value' in parsed) values[ask.field] = parsed.value
    }
  }
  const stage = Object.keys(process.stages)[0] ?? ''
  const state: CaseState = {
    id: '',
    number: '',
    createdAt: now,
    stage,
    enteredAt: now,
    visited: [stage],
    ended: 'no',
    values,
    timers: {},
    fired: [],
    seq: 0,
    client: { consents },
  }
  return ({ when }) => compileCondition(when, { definition, process })(state, now)
}

function decisionOf(sent: URLSearchParams, purpose: string): 'given' | 'refused' | undefined {
  const decision = sent.get(`consent.${purpose}`)
  return decision === 'given' || decision === 'refused' ? decision : undefined
}
