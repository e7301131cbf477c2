import type { ExploringCheck } from '../verify/proof.ts'
import { neverHolding } from '../verify/turns.ts'

export const z307: ExploringCheck = {
  code: 'Z307',
  severity: 'warning',
  title: 'a condition that can never hold',
  rule: 'Every condition can hold at some time. One that can not is most often a slip: a value the field never has there, a consent that nobody asks for, an answer to a letter that was not sent.',
  find: neverHolding,
  wrong: `process order "Order" {
  field price "Price" money
  stage new "New" {
    edit price
    move to done when price > 100 and price < 50
    move to done when price is filled
  }
  final stage done "Done"
}`,
  right: `process order "Order" {
  field price "Price" money
  stage new "New" {
    edit price
    move to done when price > 50 and price < 100
    move to done when price is filled
  }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    fields:
      price: { title: Price, type: money }
    stages:
      new:
        title: New
        edit: [price]
        moves:
          - { to: done, when: price > 100 and price < 50 }
          - { to: done, when: price is filled }
      done:
        title: Done
        final: true`,
  rightYaml: `processes:
  order:
    title: Order
    fields:
      price: { title: Price, type: money }
    stages:
      new:
        title: New
        edit: [price]
        moves:
          - { to: done, when: price > 50 and price < 100 }
          - { to: done, when: price is filled }
      done:
        title: Done
        final: true`,
}
