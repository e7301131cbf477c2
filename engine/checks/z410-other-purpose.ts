import type { Action, Definition, Document, Letter, Process, Webhook } from '../definition.ts'
import { own } from '../named.ts'
import { actsOf } from './acts.ts'
import type { Finding, ReadingCheck } from './check.ts'
import { listed } from './listed.ts'
import { clientAddresses, personalField } from './personal-data.ts'

export const z410: ReadingCheck = {
  code: 'Z410',
  severity: 'error',
  title: 'a letter, document or call for one purpose uses a field collected for another',
  rule: 'Data collected for one purpose are not used for another. A letter, document or call `for` a purpose uses, and is addressed by, only those personal fields that are held for it.',
  source: 'GDPR Art. 5(1)(b)',
  find: function* (definition) {
    const told = new Set<string>()
    for (const process of Object.values(definition.processes)) {
      for (const { action } of actsOf(process)) {
        for (const { key, ...finding } of strayUses({ definition, process }, action)) {
          if (!told.has(key)) yield finding
          told.add(key)
        }
      }
    }
  },
  wrong: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
letter spring "Spring tulips" {
  for offers
  body "Tulips are back. We can bring some to {{ address }}."
}
process order "Order" {
  show in portal
  access florist: see, move, edit
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done" {
    on enter { send spring to client }
  }
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
letter spring "Spring tulips" {
  for offers
  body "Tulips are back. Shall we bring some?"
}
process order "Order" {
  show in portal
  access florist: see, move, edit
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done" {
    on enter { send spring to client }
  }
}`,
  wrongYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

letters:
  spring:
    subject: Spring tulips
    for: offers
    body: Tulips are back. We can bring some to {{ address }}.

processes:
  order:
    title: Order
    portal: true
    access: { florist: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    edit: [address]
    stages:
      new:
        title: New
        moves:
          - to: done
      done:
        title: Done
        final: true
        enter:
          - send: { letter: spring, to: client }`,
  rightYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end
  offers:
    title: Send you offers
    basis: consent
    text: About once a month we write to you about new flowers. You can say no.

letters:
  spring:
    subject: Spring tulips
    for: offers
    body: Tulips are back. Shall we bring some?

processes:
  order:
    title: Order
    portal: true
    access: { florist: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    edit: [address]
    stages:
      new:
        title: New
        moves:
          - to: done
      done:
        title: Done
        final: true
        enter:
          - send: { letter: spring, to: client }`,
}

interface Ground {
  readonly definition: Definition
  readonly process: Process
}

/** A finding, and what tells it from the same found again in another process. */
type Stray = Finding & { readonly key: string }

function strayUses(ground: Ground, action: Action): readonly Stray[] {
  const { letters, documents, webhooks } = ground.definition
  switch (action.kind) {
    case 'send': {
      const letter = own(letters, action.letter)
      return [
        ...inTemplate(ground, 'letter', letter),
        ...inAddress(ground, letter, action),
        ...action.attach.flatMap((name) => inTemplate(ground, 'document', own(documents, name))),
      ]
    }
    case 'write':
      return inTemplate(ground, 'document', own(documents, action.document))
    case 'call':
      return inCall(ground, own(webhooks, action.webhook), action)
    default:
      return []
  }
}

function inTemplate(ground: Ground, kind: string, template: Letter | Document | undefined): readonly Stray[] {
  const { purpose, name = '', uses = [] } = template ?? {}
  return uses.flatMap(({ name: field, at }) => stray(ground, field, purpose, at, `${kind} \`${name}\``, 'uses'))
}

/** The address that a letter goes to is used for its purpose too. */
function inAddress(ground: Ground, letter: Letter | undefined, { to, at }: Of<'send'>): readonly Stray[] {
  const fields =
    to.kind === 'field'
      ? [to.field]
      : to.kind === 'client'
        ? clientAddresses(ground.process).map(({ name }) => name)
        : []
  const what = `letter \`${letter?.name}\``
  return fields.flatMap((field) => stray(ground, field, letter?.purpose, at, what, 'goes to'))
}

function inCall(ground: Ground, webhook: Webhook | undefined, action: Of<'call'>): readonly Stray[] {
  const what = `the call of \`${action.webhook}\``
  return action.with.flatMap((field) => stray(ground, field, webhook?.purpose, action.at, what, 'hands on'))
}

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>

function stray(
  { process }: Ground,
  name: string,
  purpose: string | undefined,
  at: Finding['at'],
  what: string,
  does: string,
): readonly Stray[] {
  const field = personalField(process, name)
  if (!field || purpose === undefined || field.personal.includes(purpose)) return []
  return [
    {
      key: `${at.file}:${at.line}:${at.column} ${name}`,
      at,
      process: process.name,
      message: `${what} is for \`${purpose}\` and ${does} \`${name}\`, which is held for ${listed(field.personal)} alone`,
      hint: {
        text: `leave it out, or hold it for both: \`personal for ${[...field.personal, purpose].join(', ')}\``,
        yaml: `leave it out, or hold it for both: \`personal: [${[...field.personal, purpose].join(', ')}]\``,
      },
    },
  ]
}
