import type { Check } from './check.ts'

export const z204: Check = {
  code: 'Z204',
  severity: 'error',
  title: 'the wrong kind',
  rule: 'What a statement names is of the kind it needs: a letter goes to a field that holds an e-mail address, a form starts a process that exists, consent is asked for a purpose that rests on consent.',
  wrong:
    'letter hello "Hello" { body "Hello." }\nprocess order "Order" {\n  field price "Price" money\n  stage new "New" { on enter { send hello to price } }\n}',
  right:
    'letter hello "Hello" { body "Hello." }\nprocess order "Order" {\n  field contact "E-mail" email\n  stage new "New" { on enter { send hello to contact } }\n}',
}
