import { keptForEver } from '../verify/kept.ts'
import type { ExploringCheck } from '../verify/proof.ts'

export const z407: ExploringCheck = {
  code: 'Z407',
  severity: 'error',
  title: 'a path to an end on which a personal field is never erased and its purpose keeps no limit',
  rule: 'Personal data are kept no longer than their purpose needs them: a purpose says how long (`keep`), or each way to an end erases them.',
  source: 'GDPR Art. 5(1)(e)',
  find: keptForEver,
  wrong: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  field address "Address" text personal for delivery
  stage new "New" {
    edit address
    move to packing by clerk
    move to cancelled by clerk
  }
  stage packing "Packing" {
    show address
    move to done by clerk
  }
  final stage done "Done" success {
    on enter { erase address after 30 days }
  }
  final stage cancelled "Cancelled"
}`,
  right: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  field address "Address" text personal for delivery
  stage new "New" {
    edit address
    move to packing by clerk
    move to cancelled by clerk
  }
  stage packing "Packing" {
    show address
    move to done by clerk
  }
  final stage done "Done" success {
    on enter { erase address after 30 days }
  }
  final stage cancelled "Cancelled" {
    on enter { erase address }
  }
}`,
  wrongYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    stages:
      new:
        title: New
        edit: [address]
        moves:
          - { to: packing, by: [clerk] }
          - { to: cancelled, by: [clerk] }
      packing:
        title: Packing
        show: [address]
        moves:
          - { to: done, by: [clerk] }
      done:
        title: Done
        final: success
        enter:
          - erase: { fields: [address], after: 30 days }
      cancelled:
        title: Cancelled
        final: true`,
  rightYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    stages:
      new:
        title: New
        edit: [address]
        moves:
          - { to: packing, by: [clerk] }
          - { to: cancelled, by: [clerk] }
      packing:
        title: Packing
        show: [address]
        moves:
          - { to: done, by: [clerk] }
      done:
        title: Done
        final: success
        enter:
          - erase: { fields: [address], after: 30 days }
      cancelled:
        title: Cancelled
        final: true
        enter:
          - erase: [address]`,
}
