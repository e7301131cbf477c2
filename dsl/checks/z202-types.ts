import type { Check } from './check.ts'

export const z202: Check = {
  code: 'Z202',
  severity: 'error',
  title: "an expression's types do not fit",
  rule: 'Both sides of a comparison are of one type, sums are of numbers or money, and a condition is yes or no.',
  wrong: `process order "Order" {
  field price "Price" money
  stage new "New" { move to done when price = "much" }
  final stage done "Done"
}`,
  right: `process order "Order" {
  field price "Price" money
  stage new "New" { move to done when price > 100 }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    fields:
      price: { title: Price, type: money }
    stages:
      new:
        moves:
          - { to: done, when: price = "much" }
      done: { final: success }`,
  rightYaml: `processes:
  order:
    fields:
      price: { title: Price, type: money }
    stages:
      new:
        moves:
          - { to: done, when: price > 100 }
      done: { final: success }`,
}
