import type { Check } from './check.ts'

export const z201: Check = {
  code: 'Z201',
  severity: 'error',
  title: 'no such field, stage, role, purpose, letter, document, form, process, table or webhook',
  rule: 'What a statement names is declared somewhere in the workspace; fields and stages in the same process.',
  wrong: `process order "Order" {
  field allergy "Allergies" text
  stage new "New" { show alergy }
}`,
  right: `process order "Order" {
  field allergy "Allergies" text
  stage new "New" { show allergy }
}`,
  wrongYaml: `processes:
  order:
    fields:
      allergy: { title: Allergies, type: text }
    stages:
      new: { show: [alergy] }`,
  rightYaml: `processes:
  order:
    fields:
      allergy: { title: Allergies, type: text }
    stages:
      new: { show: [allergy] }`,
}
