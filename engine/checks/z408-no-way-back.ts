import type { Definition, Place, Process } from '../definition.ts'
import { own } from '../named.ts'
import { actsOf } from './acts.ts'
import type { ReadingCheck } from './check.ts'
import { recordedConsents } from './recorded-consent.ts'

export const z408: ReadingCheck = {
  code: 'Z408',
  severity: 'error',
  title: "consent is asked for, and the client can't withdraw it",
  rule: 'Withdrawing a consent is as easy as giving it. Clients withdraw in the portal, or by the link that every letter to them carries; so who asks for a consent shows a process in the portal or writes to the client.',
  source: 'GDPR Art. 7(3)',
  find: function* (definition) {
    if (Object.values(definition.processes).some(({ portal }) => portal)) return
    const asked = askings(definition)
    const writing = Object.values(definition.processes).filter(writesToClient)
    const seen = new Set<string>()
    for (const { purpose, process, at } of asked) {
      if (seen.has(purpose)) continue
      seen.add(purpose)
      const asking = new Set(asked.flatMap((each) => (each.purpose === purpose ? [each.process] : [])))
      if (writing.some((each) => asking.has(each.name) || holdsFor(each, purpose))) continue
      yield {
        at,
        process,
        message: `consent to \`${purpose}\` is asked for, and the client can't withdraw it: nothing is shown in the portal, and no letter goes to them`,
        hint: {
          text: `write \`show in portal\` in process \`${process}\`, or send the client a letter`,
          yaml: `write \`portal: true\` in process \`${process}\`, or send the client a letter`,
        },
      }
    }
  },
  wrong: `company "Anna's Flowers" { email "privacy@flowers.example" }
purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
form order_form "Order flowers" {
  starts order
  ask consent to offers required
}
process order "Order" {
  stage new "New" { move to done }
  final stage done "Done"
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
form order_form "Order flowers" {
  starts order
  ask consent to offers required
}
process order "Order" {
  show in portal
  stage new "New" { move to done }
  final stage done "Done"
}`,
  wrongYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

purposes:
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

forms:
  order_form:
    title: Order flowers
    starts: order
    ask:
      - { consent: offers, required: true }

processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

purposes:
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

forms:
  order_form:
    title: Order flowers
    starts: order
    ask:
      - { consent: offers, required: true }

processes:
  order:
    title: Order
    portal: true
    stages:
      new:
        title: New
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}

interface Asking {
  readonly purpose: string
  readonly process: string
  readonly at: Place
}

/** Where consents are asked for: questions of forms, then what processes record. */
function askings(definition: Definition): readonly Asking[] {
  const asked = Object.values(definition.forms).flatMap((form) =>
    form.questions.flatMap(({ ask, at }) =>
      'consent' in ask ? [{ purpose: ask.consent, process: form.starts ?? form.fills ?? '', at }] : [],
    ),
  )
  const recorded = recordedConsents(definition).flatMap(({ action, process }) =>
    action.decision === 'given' ? [{ purpose: action.purpose, process: process.name, at: action.at }] : [],
  )
  return [...asked, ...recorded]
}

function holdsFor({ fields }: Process, purpose: string): boolean {
  return Object.values(fields).some(({ personal }) => personal.includes(purpose))
}

function writesToClient(process: Process): boolean {
  return actsOf(process).some(({ action }) => {
    if (action.kind !== 'send') return false
    const { to } = action
    return to.kind === 'client' || (to.kind === 'field' && own(process.fields, to.field)?.type.kind === 'client email')
  })
}
