import type { Actor, CaseState, Value, Values } from './case.ts'
import type { Refused } from './decision.ts'
import type { Field, Form, Question } from './definition.ts'
import { compileCondition } from './expression.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'
import { refuse } from './refuse.ts'
import { rightsOf } from './rights.ts'
import { inLanguage } from './text.ts'
import { isBlank, parseValue } from './value.ts'
import { namedFields } from './visibility.ts'
import { placeInWords } from './wording.ts'

/** Raw input, field by field: of JSON, a web form or a test. A blank one clears its field. */
export type Raw = Readonly<Record<string, unknown>>

/** What input comes to: values to set and fields to clear. */
export interface Filling {
  readonly values: Values
  readonly cleared: readonly string[]
}

/**
 * Checks what an actor fills in at the case's stage; all of it is good or all is refused, with the fields at fault. Who starts
 * a case may fill in once what its first stage only shows.
 */
export function checkFilling(
  ground: Ground,
  state: CaseState,
  actor: Actor,
  raw: Raw,
  { starting = false } = {},
): Filling | Refused {
  const shown = actor.kind === 'staff' ? namedFields(ground, state, actor) : undefined
  const startable = starting && actor.kind === 'staff' && rightsOf(ground.process, actor.roles).has('edit')
  const fields: Field[] = []
  for (const name of Object.keys(raw)) {
    const field = own(ground.process.fields, name)
    if (!field) return unknownField(ground, name)
    const visibility = shown?.get(name)
    const may = shown
      ? visibility === 'edit' || (startable && visibility === 'read')
      : actor.kind === 'system' || actor.kind === 'rule'
    if (!may) return notEditable(ground, state, field)
    fields.push(field)
  }
  return checkValues(ground, state, fields, raw)
}

/** Values of declared fields: in reach and of their types. */
export function checkValues(ground: Ground, state: CaseState, fields: readonly Field[], raw: Raw): Filling | Refused {
  const values: Record<string, Value> = {}
  const cleared: string[] = []
  const problems: { readonly field: Field; readonly problem: string }[] = []
  for (const field of fields) {
    if (!inReach(ground.definition, field, state.client.consents)) return outOfReach(state, field)
    const given = own(raw, field.name)
    if (isBlank(given)) cleared.push(field.name)
    else {
      const parsed = parseValue(field.type, given)
      if ('problem' in parsed) problems.push({ field, problem: parsed.problem })
      else values[field.name] = parsed.value
    }
  }
  return problems.length > 0 ? invalid(problems) : { values, cleared }
}

/** What a form's answers come to for a case: consents to record and values, of the questions asked; or why not. */
export interface Answers {
  readonly consents: Readonly<Record<string, 'given' | 'refused'>>
  readonly values: Values
}

/**
 * Checks a client's answers. A question whose `when` does not hold, or whose field no consent brings into reach, is not asked:
 * an answer to it is left out. Every question that is asked and required must be answered.
 */
export function checkForm(
  ground: Ground,
  state: CaseState,
  form: Form,
  given: { readonly values: Raw; readonly consents: Readonly<Record<string, 'given' | 'refused'>> },
  now: string,
): Answers | Refused {
  const stray = strayAnswer(form, given)
  if (stray) return stray
  const unanswered: { readonly name: string; readonly question: Question }[] = []
  const missing = (name: string, question: Question) => question.required && unanswered.push({ name, question })
  const isAsked = (question: Question, so: CaseState) => compileCondition(question.when, ground)(so, now)

  const consents: Record<string, 'given' | 'refused'> = {}
  let so: CaseState = { ...state, values: { ...state.values, ...tentative(ground, form, given.values) } }
  for (const question of form.questions) {
    if (!('consent' in question.ask) || !isAsked(question, so)) continue
    const { consent: purpose } = question.ask
    const answer = own(given.consents, purpose)
    if (answer === undefined) missing(purpose, question)
    else {
      consents[purpose] = answer
      so = { ...so, client: { ...so.client, consents: { ...so.client.consents, [purpose]: answer } } }
    }
  }

  so = { ...so, values: state.values }
  const values: Record<string, Value> = {}
  for (const question of form.questions) {
    if (!('field' in question.ask)) continue
    const field = own(ground.process.fields, question.ask.field)
    if (!field || !isAsked(question, so) || !inReach(ground.definition, field, so.client.consents)) continue
    const checked = checkValues(ground, so, [field], given.values)
    if ('outcome' in checked) return checked
    if (checked.cleared.length > 0) missing(field.name, question)
    Object.assign(values, checked.values)
    so = { ...so, values: { ...so.values, ...checked.values } }
  }
  return unanswered.length > 0 ? notAnswered(unanswered) : { consents, values }
}

function tentative({ process }: Ground, form: Form, raw: Raw): Values {
  const values: Record<string, Value> = {}
  for (const { ask } of form.questions) {
    const field = 'field' in ask ? own(process.fields, ask.field) : undefined
    const given = field && own(raw, field.name)
    if (!field || isBlank(given)) continue
    const parsed = parseValue(field.type, given)
    if ('value' in parsed) values[field.name] = parsed.value
  }
  return values
}

function strayAnswer(
  form: Form,
  given: { readonly values: Raw; readonly consents: Readonly<Record<string, unknown>> },
): Refused | undefined {
  const fields = form.questions.flatMap(({ ask }) => ('field' in ask ? [ask.field] : []))
  const purposes = form.questions.flatMap(({ ask }) => ('consent' in ask ? [ask.consent] : []))
  const asked =
    Object.keys(given.values).every((name) => fields.includes(name)) &&
    Object.entries(given.consents).every(
      ([name, answer]) => purposes.includes(name) && (answer === 'given' || answer === 'refused'),
    )
  if (asked) return undefined
  const because = `form \`${form.name}\` (${placeInWords(form.at)}) was answered with what it does not ask: ${fields.concat(purposes).join(', ')}`
  return refuse('invalid-value', because, form.at)
}

function unknownField({ process }: Ground, name: string): Refused {
  const shown = /^[a-z][a-z0-9_]{0,60}$/.test(name) ? ` \`${name}\`` : ''
  const because = `process \`${process.name}\` has no such field${shown}, so it is not editable (${placeInWords(process.at)})`
  return refuse('not-editable', because, process.at)
}

function notEditable({ process }: Ground, state: CaseState, field: Field): Refused {
  const stage = own(process.stages, state.stage)
  const where = stage ? `at “${inLanguage(stage.title, 'en')}” (${placeInWords(stage.at)})` : 'here'
  const places = Object.values(process.stages).filter((each) => each.edit.some((shown) => shown.field === field.name))
  const elsewhere = places.filter((each) => each !== stage).map((each) => `“${inLanguage(each.title, 'en')}”`)
  const open = elsewhere.length > 0 ? `; it is at ${elsewhere.join(', ')}` : ''
  const because = `“${inLanguage(field.title, 'en')}” (\`${field.name}\`) is not editable for you ${where}${open}`
  return refuse('not-editable', because, stage?.at ?? field.at, [field.name])
}

function outOfReach(state: CaseState, field: Field): Refused {
  const purposes = field.personal.map(
    (purpose) => `\`${purpose}\`, whose consent is ${own(state.client.consents, purpose) ?? 'none'}`,
  )
  const because = `“${inLanguage(field.title, 'en')}” (\`${field.name}\`) is held only for ${purposes.join(' and ')} (${placeInWords(field.at)}): ask the client to consent first`
  return refuse('consent-missing', because, field.at, [field.name])
}

function invalid(problems: readonly { readonly field: Field; readonly problem: string }[]): Refused {
  const because = problems
    .map(({ field, problem }) => `“${inLanguage(field.title, 'en')}” (\`${field.name}\`) ${problem}`)
    .join('; ')
  return refuse(
    'invalid-value',
    because,
    problems[0]?.field.at,
    problems.map(({ field }) => field.name),
  )
}

function notAnswered(unanswered: readonly { readonly name: string; readonly question: Question }[]): Refused {
  const names = unanswered.map(({ name }) => name)
  const at = unanswered[0]?.question.at
  const where = at ? ` (${placeInWords(at)})` : ''
  return refuse('required-missing', `the form needs an answer to: ${names.join(', ')}${where}`, at, names)
}
