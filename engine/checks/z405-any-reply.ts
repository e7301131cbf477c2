import type { ReadingCheck } from './check.ts'
import { recordedConsents } from './recorded-consent.ts'

export const z405: ReadingCheck = {
  code: 'Z405',
  severity: 'error',
  title: 'any reply taken for consent',
  rule: 'A reply may say anything, also no. It is consent where the client writes the agreed words, so a rule that records one waits for them.',
  source: 'GDPR Art. 4(11)',
  find: function* (definition) {
    for (const { action, occasion, process } of recordedConsents(definition)) {
      if (occasion.kind !== 'reply' || occasion.saying.length > 0 || action.decision !== 'given') continue
      yield {
        at: action.at,
        process: process.name,
        message: `any reply is taken for consent to \`${action.purpose}\`, even one that says no`,
        hint: {
          text: 'wait for the words: `on reply from client saying "I agree"`',
          yaml: 'wait for the words: `saying: [I agree]`',
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
    on reply from client to question { record consent to offers }
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
    on reply from client to question saying "yes" { record consent to offers }
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
        reply:
          - { to: question, do: [{ recordConsent: offers }] }
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
          - { to: question, saying: ["yes"], do: [{ recordConsent: offers }] }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}
