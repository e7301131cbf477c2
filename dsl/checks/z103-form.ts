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
}
