import type { Check } from './check.ts'

export const z103: Check = {
  code: 'Z103',
  severity: 'error',
  title: 'a value of the wrong form',
  rule: 'Names, durations, dates, times, addresses and versions have their forms, and what a declaration can not do without stands in it.',
  wrong: `process order "Order" {
  stage new "New" {
    after 3 fortnights go to late
  }
  final stage late "Too late"
}`,
  right: `process order "Order" {
  stage new "New" {
    after 6 weeks go to late
  }
  final stage late "Too late"
}`,
  wrongYaml: `processes:
  order:
    stages:
      new:
        after:
          - { delay: 3 fortnights, goTo: late }
      late: { title: Too late, final: true }`,
  rightYaml: `processes:
  order:
    stages:
      new:
        after:
          - { delay: 6 weeks, goTo: late }
      late: { title: Too late, final: true }`,
}
