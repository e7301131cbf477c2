import type { Check } from './check.ts'

export const z102: Check = {
  code: 'Z102',
  severity: 'error',
  title: 'unknown word or key',
  rule: 'A statement begins with a word of the language, and lists of fixed words (rights, legal bases, field types) take those words only.',
  wrong: `purpose delivery "Deliver your order" {
  bassis contract
}`,
  right: `purpose delivery "Deliver your order" {
  basis contract
}`,
  wrongYaml: `purposes:
  delivery:
    title: Deliver your order
    bassis: contract`,
  rightYaml: `purposes:
  delivery:
    title: Deliver your order
    basis: contract`,
}
