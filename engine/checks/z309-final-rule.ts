import type { ReadingCheck } from './check.ts'

export const z309: ReadingCheck = {
  code: 'Z309',
  severity: 'error',
  title: 'a final stage with a rule',
  rule: 'A case that comes to a final stage has ended: nothing sets a rule off there, and nothing leads out of it.',
  find: function* ({ processes }) {
    for (const process of Object.values(processes)) {
      for (const stage of Object.values(process.stages)) {
        if (!stage.final) continue
        for (const { at } of stage.rules) {
          yield {
            at,
            process: process.name,
            message: `\`${stage.name}\` is final: a case has ended there, and no rule leads it on`,
            hint: {
              text: 'take the rule away, or the word `final`; what is done at the end stands in `on enter`',
              yaml: 'take the rule away, or the key `final`; what is done at the end stands in `enter`',
            },
          }
        }
      }
    }
  },
  wrong: `process order "Order" {
  stage new "New" { move to packing }
  stage packing "Packing" { move to done }
  final stage done "Done" {
    move to packing
  }
}`,
  right: `process order "Order" {
  stage new "New" { move to packing }
  stage packing "Packing" { move to done }
  stage done "Done" {
    move to packing
    after 14 days go to closed
  }
  final stage closed "Closed"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: packing
      packing:
        title: Packing
        moves:
          - to: done
      done:
        title: Done
        final: true
        moves:
          - to: packing`,
  rightYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: packing
      packing:
        title: Packing
        moves:
          - to: done
      done:
        title: Done
        moves:
          - to: packing
        after:
          - { delay: 14 days, goTo: closed }
      closed:
        title: Closed
        final: true`,
}
