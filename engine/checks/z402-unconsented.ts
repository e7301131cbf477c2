import type { ExploringCheck } from '../verify/proof.ts'
import { unconsented } from '../verify/unconsented.ts'

export const z402: ExploringCheck = {
  code: 'Z402',
  severity: 'error',
  title: 'data of a consent purpose used, shown or edited where there may be no consent',
  rule: 'Data that rest on a consent are used only while it is given. A client may withdraw it at any time, so each letter, document, call, `set` and condition that uses such data asks for it (`when consent to P`), or stands in a stage that needs it; and a stage shows them only where it can have been given.',
  source: 'GDPR Art. 6(1)(a)',
  find: unconsented,
  wrong: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose allergies "Choose safe flowers" {
  basis explicit consent
  text "We pick flowers that do not harm you. You can say no."
  keep until end
}
letter safe "Your safe flowers" { body "We left out {{ allergy }}." }
form order_form "Order" {
  starts order
  ask consent to allergies required
  ask allergy when consent to allergies
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  field allergy "Allergies" text personal for allergies, special
  stage new "New" {
    show allergy
    move to done by clerk
  }
  final stage done "Done" {
    on enter { send safe to client }
  }
}`,
  right: `company "Flowers" { email "privacy@flowers.example" }
role clerk "Clerk" { clients: see }
purpose allergies "Choose safe flowers" {
  basis explicit consent
  text "We pick flowers that do not harm you. You can say no."
  keep until end
}
letter safe "Your safe flowers" { body "We left out {{ allergy }}." }
form order_form "Order" {
  starts order
  ask consent to allergies required
  ask allergy when consent to allergies
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  field allergy "Allergies" text personal for allergies, special
  stage new "New" {
    show allergy
    move to done by clerk
  }
  final stage done "Done" {
    on enter { send safe to client when consent to allergies }
  }
}`,
  wrongYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  allergies:
    title: Choose safe flowers
    basis: explicit consent
    text: We pick flowers that do not harm you. You can say no.
    keep: until end

letters:
  safe:
    subject: Your safe flowers
    body: We left out {{ allergy }}.

forms:
  order_form:
    title: Order
    starts: order
    ask:
      - { consent: allergies, required: true }
      - { field: allergy, when: consent to allergies }

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    fields:
      allergy: { title: Allergies, type: text, personal: [allergies], special: true }
    stages:
      new:
        title: New
        show: [allergy]
        moves:
          - { to: done, by: [clerk] }
      done:
        title: Done
        final: true
        enter:
          - send: { letter: safe, to: client }`,
  rightYaml: `company:
  name: Flowers
  email: privacy@flowers.example

roles:
  clerk: { title: Clerk, clients: [see] }

purposes:
  allergies:
    title: Choose safe flowers
    basis: explicit consent
    text: We pick flowers that do not harm you. You can say no.
    keep: until end

letters:
  safe:
    subject: Your safe flowers
    body: We left out {{ allergy }}.

forms:
  order_form:
    title: Order
    starts: order
    ask:
      - { consent: allergies, required: true }
      - { field: allergy, when: consent to allergies }

processes:
  order:
    title: Order
    portal: true
    access: { clerk: [see, move, edit] }
    fields:
      allergy: { title: Allergies, type: text, personal: [allergies], special: true }
    stages:
      new:
        title: New
        show: [allergy]
        moves:
          - { to: done, by: [clerk] }
      done:
        title: Done
        final: true
        enter:
          - send: { letter: safe, to: client }
            when: consent to allergies`,
}
