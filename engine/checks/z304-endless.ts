import { endless } from '../verify/endless.ts'
import type { ExploringCheck } from '../verify/proof.ts'

export const z304: ExploringCheck = {
  code: 'Z304',
  severity: 'error',
  title: 'rules that fire each other for ever without waiting',
  rule: 'What a case does by itself when something has happened comes to an end. Rules that switch stages by turns, each as soon as it holds, never do: the happening is refused, and the case is stuck. Nor do cases that start each other, each as soon as it begins.',
  find: endless,
  wrong: `process order "Order" {
  field paid "Paid" yes/no
  stage new "New" {
    edit paid
    when paid go to packing
    move to done
  }
  stage packing "Packing" {
    when paid go to new
    move to done
  }
  final stage done "Done"
}`,
  right: `process order "Order" {
  field paid "Paid" yes/no
  stage new "New" {
    edit paid
    when paid go to packing
    move to done
  }
  stage packing "Packing" {
    edit paid
    when not paid go to new
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    fields:
      paid: { title: Paid, type: yes/no }
    stages:
      new:
        title: New
        edit: [paid]
        when:
          - { holds: paid, goTo: packing }
        moves:
          - to: done
      packing:
        title: Packing
        when:
          - { holds: paid, goTo: new }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `processes:
  order:
    title: Order
    fields:
      paid: { title: Paid, type: yes/no }
    stages:
      new:
        title: New
        edit: [paid]
        when:
          - { holds: paid, goTo: packing }
        moves:
          - to: done
      packing:
        title: Packing
        edit: [paid]
        when:
          - { holds: not paid, goTo: new }
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}
