/**
 * What there is to know of one check: the list of checks, `zgoda explain`, the documentation and the tests come from
 * these.
 */
export interface Check {
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** A few words for lists. */
  readonly title: string
  /** The rule, and why it is one. */
  readonly rule: string
  /** The legal source, where the rule has one. */
  readonly source?: string
  /** A text in which the check finds something. */
  readonly wrong: string
  /** The same, put right. */
  readonly right: string
  /** Both again, in YAML. */
  readonly wrongYaml: string
  readonly rightYaml: string
}
