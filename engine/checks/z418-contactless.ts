import { contactless } from '../verify/contactless.ts'
import type { ExploringCheck } from '../verify/proof.ts'

export const z418: ExploringCheck = {
  code: 'Z418',
  severity: 'warning',
  title: "a client without any contact can't reach a successful end",
  rule: "A client card needs nothing, not even an address: a client who can't be written to or called is served too, unless the service can not be given so.",
  source: 'GDPR Art. 5(1)(c)',
  find: contactless,
  wrong: `role clerk "Clerk" { clients: see }
letter price "What it costs" { body "Reply with **yes**." }
process order "Order" {
  access clerk: see, move
  stage asked "Asked" {
    on enter { send price to client }
    on reply from client to price saying "yes" go to done
    move to cancelled by clerk
  }
  final stage done "Done" success
  final stage cancelled "Cancelled"
}`,
  right: `role clerk "Clerk" { clients: see }
letter price "What it costs" { body "Reply with **yes**." }
process order "Order" {
  access clerk: see, move
  stage asked "Asked" {
    on enter { send price to client }
    on reply from client to price saying "yes" go to done
    move to done by clerk as "The client said yes at the counter"
    move to cancelled by clerk
  }
  final stage done "Done" success
  final stage cancelled "Cancelled"
}`,
  wrongYaml: `roles:
  clerk: { title: Clerk, clients: [see] }

letters:
  price:
    subject: What it costs
    body: Reply with **yes**.

processes:
  order:
    title: Order
    access: { clerk: [see, move] }
    stages:
      asked:
        title: Asked
        enter:
          - send: { letter: price, to: client }
        reply:
          - { to: price, saying: ["yes"], goTo: done }
        moves:
          - { to: cancelled, by: [clerk] }
      done:
        title: Done
        final: success
      cancelled:
        title: Cancelled
        final: true`,
  rightYaml: `roles:
  clerk: { title: Clerk, clients: [see] }

letters:
  price:
    subject: What it costs
    body: Reply with **yes**.

processes:
  order:
    title: Order
    access: { clerk: [see, move] }
    stages:
      asked:
        title: Asked
        enter:
          - send: { letter: price, to: client }
        reply:
          - { to: price, saying: ["yes"], goTo: done }
        moves:
          - { to: done, by: [clerk], as: The client said yes at the counter }
          - { to: cancelled, by: [clerk] }
      done:
        title: Done
        final: success
      cancelled:
        title: Cancelled
        final: true`,
}
