import type { ReadingCheck } from './check.ts'
import { listed } from './listed.ts'
import { personalFields } from './personal-data.ts'

export const z417: ReadingCheck = {
  code: 'Z417',
  severity: 'error',
  title: 'a process with personal data and no `access`',
  rule: 'By default personal data are open to those only who work with them. A process that holds some says which roles these are.',
  source: 'GDPR Art. 25(2)',
  find: function* ({ processes }) {
    for (const process of Object.values(processes)) {
      const names = personalFields(process).map(({ name }) => name)
      if (names.length === 0 || Object.keys(process.access).length > 0) continue
      yield {
        at: process.at,
        process: process.name,
        message: `process \`${process.name}\` holds personal data (${listed(names)}), and everybody may see them`,
        hint: { text: 'write `access ROLE: see, move, edit`', yaml: 'write `access: { ROLE: [see, move, edit] }`' },
      }
    }
  },
  wrong: `company "Anna's Flowers" { email "privacy@flowers.example" }
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
process order "Order" {
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done"
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
process order "Order" {
  access florist: see, move, edit
  field address "Address" text personal for delivery
  edit address
  stage new "New" { move to done }
  final stage done "Done"
}`,
  wrongYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end

processes:
  order:
    title: Order
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
    text: We use your address to bring the flowers.
    keep: until end

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
        final: true`,
}
