import { detriments } from '../verify/detriment.ts'
import type { ExploringCheck } from '../verify/proof.ts'

export const z403: ExploringCheck = {
  code: 'Z403',
  severity: 'error',
  title: 'a no to what is not necessary takes the successful end away',
  rule: 'Refusing or withdrawing a consent to an extra costs the client nothing of the main service: from wherever a case is, each set of consents that are not `necessary`, refused or withdrawn, leaves a successful end in reach.',
  source: 'GDPR Art. 7(4), recital 42',
  find: detriments,
  wrong: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose offers "Send you offers" {
  basis consent
  text "We send you offers. You can say no."
  keep until end
}
form order_form "Order" {
  starts order
  ask consent to offers required
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  stage new "New" {
    move to done by clerk when consent to offers
    move to cancelled by clerk
  }
  final stage done "Done" success
  final stage cancelled "Cancelled"
}`,
  right: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose offers "Send you offers" {
  basis consent
  text "We send you offers. You can say no."
  keep until end
}
form order_form "Order" {
  starts order
  ask consent to offers required
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  stage new "New" {
    move to done by clerk
    move to cancelled by clerk
  }
  final stage done "Done" success
  final stage cancelled "Cancelled"
}`,
  wrongYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  offers:
    title: Send you offers
    basis: consent
    text: We send you offers. You can say no.
    keep: until end

forms:
  order_form:
    title: Order
    starts: order
    ask:
      - { consent: offers, required: true }

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    stages:
      new:
        title: New
        moves:
          - { to: done, by: [clerk], when: consent to offers }
          - { to: cancelled, by: [clerk] }
      done:
        title: Done
        final: success
      cancelled:
        title: Cancelled
        final: true`,
  rightYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  offers:
    title: Send you offers
    basis: consent
    text: We send you offers. You can say no.
    keep: until end

forms:
  order_form:
    title: Order
    starts: order
    ask:
      - { consent: offers, required: true }

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    stages:
      new:
        title: New
        moves:
          - { to: done, by: [clerk] }
          - { to: cancelled, by: [clerk] }
      done:
        title: Done
        final: success
      cancelled:
        title: Cancelled
        final: true`,
}
