import type { Definition, Process } from '../definition.ts'
import { fieldsIn } from '../verify/reading.ts'
import type { Act } from './acts.ts'
import type { ReadingCheck } from './check.ts'
import { asksConsent, guardOf, type Recorded, recordedConsents } from './recorded-consent.ts'
import { holdsInSilence } from './silence.ts'

export const z404: ReadingCheck = {
  code: 'Z404',
  severity: 'error',
  title: 'silence taken for consent',
  rule: 'Consent is a clear act of the client: their words in a reply, or their own yes in a form. Time that passes, a stage that is entered, a move by the staff and an answer that is preset are none.',
  source: 'GDPR Art. 4(11), recital 32',
  find: function* (definition) {
    for (const recorded of recordedConsents(definition)) {
      const { action, occasion, process } = recorded
      const why = action.decision === 'given' ? whyNoYes(definition, recorded) : whyNoNo(occasion)
      if (!why) continue
      const { purpose, decision } = action
      yield {
        at: action.at,
        process: process.name,
        message: `consent to \`${purpose}\` is recorded${decision === 'refused' ? ' as refused' : ''} ${why}`,
        hint: {
          text: `let the client say it: \`on reply from client saying "…"\`, or \`ask consent to ${purpose}\` in a form`,
          yaml: `let the client say it: \`reply: [{ saying: […] }]\`, or \`ask: [{ consent: ${purpose} }]\` in a form`,
        },
      }
    }
  },
  wrong: `purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
letter question "May we send you offers?" { body "Reply with one line: **yes**." }
process order "Order" {
  show in portal
  stage new "New" {
    on enter { send question to client }
    after 14 days {
      record consent to offers
      go to done
    }
    move to done
  }
  final stage done "Done"
}`,
  right: `purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
letter question "May we send you offers?" { body "Reply with one line: **yes**." }
process order "Order" {
  show in portal
  stage new "New" {
    on enter { send question to client }
    on reply from client to question saying "yes" {
      record consent to offers
      go to done
    }
    after 14 days go to done
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `purposes:
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

letters:
  question:
    subject: May we send you offers?
    body: "Reply with one line: **yes**."

processes:
  order:
    title: Order
    portal: true
    stages:
      new:
        title: New
        enter:
          - send: { letter: question, to: client }
        after:
          - { delay: 14 days, do: [{ recordConsent: offers }], goTo: done }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `purposes:
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

letters:
  question:
    subject: May we send you offers?
    body: "Reply with one line: **yes**."

processes:
  order:
    title: Order
    portal: true
    stages:
      new:
        title: New
        enter:
          - send: { letter: question, to: client }
        reply:
          - { to: question, saying: ["yes"], do: [{ recordConsent: offers }], goTo: done }
        after:
          - { delay: 14 days, goTo: done }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}

/** Where a consent may be recorded and the client has not said yes: in what way. */
function whyNoYes(definition: Definition, recorded: Recorded): string | undefined {
  const { action, occasion, process, form } = recorded
  const ground = { definition, process }
  const guard = guardOf(recorded)
  if (occasion.kind === 'reply') {
    const fields = new Set(presetYes(definition, process))
    const counts = guard !== undefined && fieldsIn(guard).some((name) => fields.has(name))
    return counts && holdsInSilence(guard, ground, { fields }) ? 'on an answer that is preset' : undefined
  }
  if (occasion.kind !== 'form') return `${momentOf[occasion.kind]}, where the client has not said yes`
  const fields = new Set(form?.questions.flatMap(({ ask }) => ('field' in ask ? [ask.field] : [])))
  const { purpose } = action
  const silent = holdsInSilence(guard, ground, { fields, ...(asksConsent(form, purpose) && { purpose }) })
  return silent ? `though the client may send form \`${occasion.form}\` without having said yes` : undefined
}

/** A no does no harm to the client, but nobody has said it where nobody has acted. */
function whyNoNo(occasion: Act['occasion']): string | undefined {
  const nobodyActs = occasion.kind === 'enter' || occasion.kind === 'after' || occasion.kind === 'at'
  return nobodyActs ? `${momentOf[occasion.kind]}, where nobody has said no` : undefined
}

const momentOf = {
  enter: 'when a case comes to a stage',
  leave: 'when a case leaves a stage',
  after: 'when time has passed',
  at: 'when a day or hour has come',
  when: 'as soon as a condition holds',
  signal: 'on a signal of another system',
  move: 'when somebody of the staff moves the case',
  'cases done': 'when other cases have ended',
  consent: 'on another decision of the client',
} as const

/** The yes/no fields that a form of the process shows to the client with yes chosen already. */
function presetYes({ forms }: Definition, process: Process): readonly string[] {
  const asking = Object.values(forms).filter((form) => (form.starts ?? form.fills) === process.name)
  const asked = new Set(
    asking.flatMap(({ questions }) => questions.flatMap(({ ask }) => ('field' in ask ? [ask.field] : []))),
  )
  return Object.values(process.fields)
    .filter(({ name, default: preset }) => asked.has(name) && preset?.kind === 'yes/no' && preset.value)
    .map(({ name }) => name)
}
