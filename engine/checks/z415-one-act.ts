import type { Expression } from '../definition.ts'
import { fieldsIn, partsOf } from '../verify/reading.ts'
import type { ReadingCheck } from './check.ts'
import { asksConsent, guardOf, type Recorded, recordedConsents } from './recorded-consent.ts'

export const z415: ReadingCheck = {
  code: 'Z415',
  severity: 'error',
  title: 'one question for several purposes',
  rule: 'Clients say yes or no to each purpose apart. One reply, or one answer in a form, is consent to one purpose.',
  source: 'GDPR recital 32, 43, Art. 7(2)',
  find: function* (definition) {
    const purposes = new Map<string, string>()
    const told = new Set<string>()
    for (const recorded of recordedConsents(definition)) {
      const answer = answerOf(recorded)
      if (answer === undefined || told.has(answer)) continue
      const { action, occasion, process } = recorded
      const first = purposes.get(answer) ?? action.purpose
      purposes.set(answer, first)
      if (first === action.purpose) continue
      told.add(answer)
      yield {
        at: action.at,
        process: process.name,
        message: `one ${occasion.kind === 'reply' ? 'reply' : 'answer'} is taken for consent to \`${first}\` and to \`${action.purpose}\``,
        hint: {
          text: `ask for each apart: \`ask consent to ${action.purpose}\` in a form, or a letter and a rule of its own`,
          yaml: `ask for each apart: \`ask: [{ consent: ${action.purpose} }]\` in a form, or a letter and a rule of its own`,
        },
      }
    }
  },
  wrong: `purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
purpose photos "Show your bouquet" {
  basis consent
  text "We show a photo of your bouquet on our page. You can say no."
}
letter question "May we?" {
  body "May we send you offers, and show your bouquet on our page? Reply with one line: **yes**."
}
process order "Order" {
  show in portal
  stage new "New" {
    on enter { send question to client }
    on reply from client to question saying "yes" {
      record consent to offers
      record consent to photos
    }
    move to done
  }
  final stage done "Done"
}`,
  right: `purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
purpose photos "Show your bouquet" {
  basis consent
  text "We show a photo of your bouquet on our page. You can say no."
}
letter question "May we?" {
  body "May we send you offers? Then reply: **offers**. May we show your bouquet on our page? Then reply: **photos**."
}
process order "Order" {
  show in portal
  stage new "New" {
    on enter { send question to client }
    on reply from client to question saying "offers" { record consent to offers }
    on reply from client to question saying "photos" { record consent to photos }
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `purposes:
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.
  photos:
    title: Show your bouquet
    basis: consent
    text: We show a photo of your bouquet on our page. You can say no.

letters:
  question:
    subject: May we?
    body: "May we send you offers, and show your bouquet on our page? Reply with one line: **yes**."

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
          - { to: question, saying: ["yes"], do: [{ recordConsent: offers }, { recordConsent: photos }] }
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
  photos:
    title: Show your bouquet
    basis: consent
    text: We show a photo of your bouquet on our page. You can say no.

letters:
  question:
    subject: May we?
    body: "May we send you offers? Then reply: **offers**. May we show your bouquet on our page? Then reply: **photos**."

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
          - { to: question, saying: [offers], do: [{ recordConsent: offers }] }
          - { to: question, saying: [photos], do: [{ recordConsent: photos }] }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}

/** What tells the client's act that a consent is recorded on from others; undefined where they have not acted. */
function answerOf(recorded: Recorded): string | undefined {
  const { action, occasion, process, rule, form } = recorded
  if (!rule || action.decision !== 'given') return undefined
  const act = `${process.name} ${rule.id}`
  if (occasion.kind === 'reply') return act
  if (occasion.kind !== 'form') return undefined
  const guard = guardOf(recorded)
  if (asksConsent(form, action.purpose) && guard && namesConsent(guard, action.purpose)) return undefined
  const read = new Set(guard ? fieldsIn(guard) : [])
  const asked = form?.questions.flatMap(({ ask }) => ('field' in ask && read.has(ask.field) ? [ask.field] : []))
  return `${act} ${asked?.join(' ')}`
}

function namesConsent(expression: Expression, purpose: string): boolean {
  if (expression.kind === 'consent') return expression.purpose === purpose
  return partsOf(expression).some((part) => namesConsent(part, purpose))
}
