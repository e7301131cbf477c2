import type { ExploringCheck } from '../verify/proof.ts'
import { beatenRules } from '../verify/turns.ts'

export const z306: ExploringCheck = {
  code: 'Z306',
  severity: 'warning',
  title: 'a rule that an earlier one always beats',
  rule: 'Of the rules that wait for the same thing the first that matches answers. One that never has its turn does nothing, and its author believes that it does.',
  find: beatenRules,
  wrong: `process order "Order" {
  field price "Price" money
  stage new "New" {
    edit price
    on signal paid when price > 10 go to packing
    on signal paid when price > 100 go to checking
    move to checking
  }
  stage checking "Checking" { move to packing }
  final stage packing "Packing"
}`,
  right: `process order "Order" {
  field price "Price" money
  stage new "New" {
    edit price
    on signal paid when price > 100 go to checking
    on signal paid when price > 10 go to packing
    move to checking
  }
  stage checking "Checking" { move to packing }
  final stage packing "Packing"
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
        signal:
          - { name: paid, when: price > 10, goTo: packing }
          - { name: paid, when: price > 100, goTo: checking }
        moves:
          - to: checking
      checking:
        title: Checking
        moves:
          - to: packing
      packing:
        title: Packing
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
        signal:
          - { name: paid, when: price > 100, goTo: checking }
          - { name: paid, when: price > 10, goTo: packing }
        moves:
          - to: checking
      checking:
        title: Checking
        moves:
          - to: packing
      packing:
        title: Packing
        final: true`,
}
