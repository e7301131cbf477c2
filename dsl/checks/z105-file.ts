import type { Check } from './check.ts'

export const z105: Check = {
  code: 'Z105',
  severity: 'error',
  title: "the file can't be read",
  rule: 'A file of a workspace is UTF-8 text of at most 1 MiB that this program may open.',
  wrong: 'shop.zgoda, saved in UTF-16',
  right: 'shop.zgoda, saved in UTF-8',
  wrongYaml: 'shop.yaml, saved in UTF-16',
  rightYaml: 'shop.yaml, saved in UTF-8',
}
