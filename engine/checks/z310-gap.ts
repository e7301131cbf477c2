import { unansweredInputs } from '../verify/tables.ts'
import type { ReadingCheck } from './check.ts'

export const z310: ReadingCheck = {
  code: 'Z310',
  severity: 'warning',
  title: 'a table that leaves some inputs without an answer',
  rule: 'A decision table answers every input, so that nothing is decided by accident. What no row fits has no value, and a comparison with it is false.',
  find: unansweredInputs,
  wrong: `table shipping "Shipping" (weight number, country choice (pl, de)) gives money {
  weight <= 2 and country = pl: 12
  weight > 2: 30
}
process order "Order" {
  field weight "Weight" number
  field country "Country" choice (pl, de)
  field cost "Cost" money
  stage new "New" {
    edit weight, country
    show cost
    on leave { set cost to shipping(weight, country) }
    move to done
  }
  final stage done "Done" { show cost }
}`,
  right: `table shipping "Shipping" (weight number, country choice (pl, de)) gives money {
  weight <= 2 and country = pl: 12
  otherwise: 30
}
process order "Order" {
  field weight "Weight" number
  field country "Country" choice (pl, de)
  field cost "Cost" money
  stage new "New" {
    edit weight, country
    show cost
    on leave { set cost to shipping(weight, country) }
    move to done
  }
  final stage done "Done" { show cost }
}`,
  wrongYaml: `tables:
  shipping:
    title: Shipping
    inputs:
      weight: number
      country: { type: choice, options: [pl, de] }
    gives: money
    rows:
      - { when: weight <= 2 and country = pl, value: 12 }
      - { when: weight > 2, value: 30 }

processes:
  order:
    title: Order
    fields:
      weight: { title: Weight, type: number }
      country: { title: Country, type: choice, options: [pl, de] }
      cost: { title: Cost, type: money }
    stages:
      new:
        title: New
        edit: [weight, country]
        show: [cost]
        leave:
          - set: { field: cost, to: "shipping(weight, country)" }
        moves:
          - to: done
      done:
        title: Done
        final: true
        show: [cost]`,
  rightYaml: `tables:
  shipping:
    title: Shipping
    inputs:
      weight: number
      country: { type: choice, options: [pl, de] }
    gives: money
    rows:
      - { when: weight <= 2 and country = pl, value: 12 }
      - otherwise: 30

processes:
  order:
    title: Order
    fields:
      weight: { title: Weight, type: number }
      country: { title: Country, type: choice, options: [pl, de] }
      cost: { title: Cost, type: money }
    stages:
      new:
        title: New
        edit: [weight, country]
        show: [cost]
        leave:
          - set: { field: cost, to: "shipping(weight, country)" }
        moves:
          - to: done
      done:
        title: Done
        final: true
        show: [cost]`,
}
