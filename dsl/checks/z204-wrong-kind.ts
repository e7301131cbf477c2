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
}
