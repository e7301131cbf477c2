import type { Definition, Place } from '../definition.ts'
import type { Step } from '../verify/step.ts'

/**
 * What there is to know of one check of a whole definition: `zgoda check`, `explain`, the report, the documentation and the
 * tests come from these.
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
  /** A workspace in which the check finds something. */
  readonly wrong: string
  /** The same, put right. */
  readonly right: string
  /** Both again, in YAML. */
  readonly wrongYaml: string
  readonly rightYaml: string
}

/** What is said: the same for both notations, or in the words of each. */
export type Words = string | { readonly text: string; readonly yaml: string }

/** Something a check found. */
export interface Finding {
  readonly at: Place
  /** What is wrong, in the author's words; starts in lower case, for it follows a place. */
  readonly message: Words
  /** What to do. */
  readonly hint?: Words
  /** Nothing was found, for too much would have to be told apart: a warning, whatever the check. */
  readonly unproved?: boolean
  /** The process it is about, where it is about one. */
  readonly process?: string
  /** The steps of a case that show it, in words, where exploring found it. */
  readonly path?: readonly string[]
  /** The same, for a case to be led through. */
  readonly steps?: readonly Step[]
}

/** A check that reads the definition and no more. */
export interface ReadingCheck extends Check {
  readonly find: (definition: Definition) => Iterable<Finding>
}
