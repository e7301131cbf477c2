import type { Check } from './check.ts'

export const z204: Check = {
  code: 'Z204',
  severity: 'error',
  title: 'the wrong kind',
  rule: 'What a statement names is of the kind it needs: a letter goes to a field that holds an e-mail address, a form starts a process that exists, consent is asked for a purpose that rests on consent.',
  wrong: `letter hello "Hello" { body "Hello." }
process order "Order" {
  field price "Price" money
  stage new "New" { on enter { send hello to price } }
}`,
  right: `letter hello "Hello" { body "Hello." }
process order "Order" {
  field contact "E-mail" email
  stage new "New" { on enter { send hello to contact } }
}`,
  wrongYaml: `letters:
  hello: { subject: Hello, body: Hello. }
processes:
  order:
    fields:
      price: { title: Price, type: money }
    stages:
      new:
        enter:
          - send: { letter: hello, to: price }`,
  rightYaml: `letters:
  hello: { subject: Hello, body: Hello. }
processes:
  order:
    fields:
      contact: { title: E-mail, type: email }
    stages:
      new:
        enter:
          - send: { letter: hello, to: contact }`,
}
