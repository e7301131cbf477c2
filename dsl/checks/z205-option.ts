import type { Check } from './check.ts'

export const z205: Check = {
  code: 'Z205',
  severity: 'error',
  title: 'an option or default that does not fit the type',
  rule: 'A choice takes its own options only, and a default is a value of its field.',
  wrong: `process order "Order" {
  field bouquet "Bouquet" choice (roses, tulips) default lilies
  stage new "New" { }
}`,
  right: `process order "Order" {
  field bouquet "Bouquet" choice (roses, tulips) default roses
  stage new "New" { }
}`,
  wrongYaml: `processes:
  order:
    fields:
      bouquet: { title: Bouquet, type: choice, options: [roses, tulips], default: lilies }
    stages:
      new: { show: [bouquet] }`,
  rightYaml: `processes:
  order:
    fields:
      bouquet: { title: Bouquet, type: choice, options: [roses, tulips], default: roses }
    stages:
      new: { show: [bouquet] }`,
}
