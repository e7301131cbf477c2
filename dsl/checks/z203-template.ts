import type { Check } from './check.ts'

export const z203: Check = {
  code: 'Z203',
  severity: 'error',
  title: 'a template names what does not exist, or its Liquid is wrong',
  rule: 'A letter or document may name fields of the processes, `case`, `client`, `company`, `purpose.NAME` and `purposes`. A name that does not exist would leave a hole in a letter to a client.',
  wrong: `letter receipt "Your flowers" {
  body "Order {{ case.nummer }}"
}`,
  right: `letter receipt "Your flowers" {
  body "Order {{ case.number }}"
}`,
  wrongYaml: `letters:
  receipt:
    subject: Your flowers
    body: Order {{ case.nummer }}`,
  rightYaml: `letters:
  receipt:
    subject: Your flowers
    body: Order {{ case.number }}`,
}
