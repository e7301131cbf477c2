import type { Check } from './check.ts'

export const z101: Check = {
  code: 'Z101',
  severity: 'error',
  title: "the text can't be read here",
  rule: 'Every statement has the form that the language gives it. The message says what may stand at the place.',
  wrong: `process order "Order" {
  stage new "New" {
    move done
  }
  final stage done "Done"
}`,
  right: `process order "Order" {
  stage new "New" {
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    stages:
      new:
        when:
          - { holds: today >, goTo: done }
      done: { final: success }`,
  rightYaml: `processes:
  order:
    stages:
      new:
        when:
          - { holds: today > 2026-12-24, goTo: done }
      done: { final: success }`,
}
