import type { FieldType } from '../definition.ts'
import type { ReadingCheck } from './check.ts'

const whatItHolds: Partial<Readonly<Record<FieldType['kind'], string>>> = {
  email: "somebody's e-mail address",
  'client email': "the client's e-mail address",
  phone: "somebody's phone number",
  'client phone': "the client's phone number",
}

export const z401: ReadingCheck = {
  code: 'Z401',
  severity: 'error',
  title: 'a field that is personal by its type, without a purpose',
  rule: 'Personal data are collected for a purpose that is said before. An e-mail address or a phone number says whose it is, so a field of such a type names its purposes.',
  source: 'GDPR Art. 5(1)(b), 4(1)',
  find: function* ({ processes }) {
    for (const process of Object.values(processes)) {
      for (const { name, type, personal, at } of Object.values(process.fields)) {
        const held = whatItHolds[type.kind]
        if (!held || personal.length > 0) continue
        yield {
          at,
          process: process.name,
          message: `\`${name}\` holds ${held}, and no purpose says why`,
          hint: { text: 'add `personal for PURPOSE`', yaml: 'add `personal: [PURPOSE]`' },
        }
      }
    }
  },
  wrong: `role florist "Florist"
process order "Order" {
  access florist: see, move, edit
  field phone "Phone" phone
  edit phone
  stage new "New" { move to done }
  final stage done "Done"
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We call you when the flowers are on their way."
  keep until end
}
process order "Order" {
  access florist: see, move, edit
  field phone "Phone" phone personal for delivery
  edit phone
  stage new "New" { move to done }
  final stage done "Done"
}`,
  wrongYaml: `roles:
  florist: { title: Florist }

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      phone: { title: Phone, type: phone }
    edit: [phone]
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

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We call you when the flowers are on their way.
    keep: until end

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      phone: { title: Phone, type: phone, personal: [delivery] }
    edit: [phone]
    stages:
      new:
        title: New
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}
