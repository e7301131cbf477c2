import type { Definition, Field, Webhook } from '../definition.ts'
import { own } from '../named.ts'
import { actsOf } from './acts.ts'
import type { ReadingCheck } from './check.ts'
import { listed } from './listed.ts'
import { personalField } from './personal-data.ts'

export const z411: ReadingCheck = {
  code: 'Z411',
  severity: 'error',
  title: 'personal data leave for a recipient that no purpose of theirs names',
  rule: 'Clients are told who receives their data before they give them. A webhook takes personal fields to its `recipient`, or to the host of its address, so a purpose of each field names it.',
  source: 'GDPR Art. 13(1)(e)',
  find: function* (definition) {
    for (const process of Object.values(definition.processes)) {
      for (const { action } of actsOf(process)) {
        const webhook = action.kind === 'call' ? own(definition.webhooks, action.webhook) : undefined
        if (action.kind !== 'call' || !webhook) continue
        const recipient = recipientOf(webhook)
        const untold = action.with
          .flatMap((name) => personalField(process, name) ?? [])
          .filter((field) => !isTold(definition, field, recipient))
        const [purpose] = untold.flatMap(({ personal }) => personal)
        if (purpose === undefined) continue
        const names = listed(untold.map(({ name }) => name))
        yield {
          at: action.at,
          process: process.name,
          message: `${names} ${untold.length > 1 ? 'go' : 'goes'} to ${recipient}, and no purpose of ${untold.length > 1 ? 'theirs' : 'it'} names this recipient`,
          hint: {
            text: `write \`recipients "${recipient}"\` in purpose \`${purpose}\``,
            yaml: `write \`recipients: ["${recipient}"]\` in purpose \`${purpose}\``,
          },
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
webhook courier {
  url "https://courier.example/parcels"
  recipient "Courier Kurier"
}
process order "Order" {
  access florist: see, move, edit
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done" {
    on enter { call courier with address }
  }
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
  recipients "Courier Kurier"
}
webhook courier {
  url "https://courier.example/parcels"
  recipient "Courier Kurier"
}
process order "Order" {
  access florist: see, move, edit
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done" {
    on enter { call courier with address }
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

webhooks:
  courier:
    url: https://courier.example/parcels
    recipient: Courier Kurier

processes:
  order:
    title: Order
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
          - call: { webhook: courier, with: [address] }`,
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
    recipients: [Courier Kurier]

webhooks:
  courier:
    url: https://courier.example/parcels
    recipient: Courier Kurier

processes:
  order:
    title: Order
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
          - call: { webhook: courier, with: [address] }`,
}

function recipientOf({ recipient, url }: Webhook): string {
  return recipient?.trim() || (URL.canParse(url) ? new URL(url).hostname : url)
}

function isTold({ purposes }: Definition, { personal }: Field, recipient: string): boolean {
  const told = personal.flatMap((name) => own(purposes, name)?.recipients ?? [])
  return told.some((name) => sameName(name) === sameName(recipient))
}

const sameName = (name: string): string => name.trim().toLowerCase()
