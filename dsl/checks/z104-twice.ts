import type { Check } from './check.ts'

export const z104: Check = {
  code: 'Z104',
  severity: 'error',
  title: 'declared twice',
  rule: 'A name stands once for its kind in the workspace, and a field or stage once in its process: with two, nobody could say which one holds.',
  wrong: `role florist "Florist"
role florist "Assistant"`,
  right: `role florist "Florist"
role assistant "Assistant"`,
  wrongYaml: `roles:
  florist: { title: Florist }
  florist: { title: Assistant }`,
  rightYaml: `roles:
  florist: { title: Florist }
  assistant: { title: Assistant }`,
}
