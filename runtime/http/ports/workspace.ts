import type { CaseRight, ConsentStatus, Definition, Text } from '../../../engine/definition.ts'
import type { FieldView } from './cases.ts'
import type { Caller, PersonRef } from './people.ts'

export interface ProcessView {
  readonly name: string
  readonly title: Text
  readonly version: number
  readonly hash: string
  readonly portal: boolean
  readonly stages: readonly { readonly name: string; readonly title: Text; readonly final: boolean }[]
  /** What the caller may do here. */
  readonly rights: readonly CaseRight[]
}

/** A letter as its receiver would get it, filled in with what is nobody's. */
export interface LetterPreview {
  readonly process: string
  readonly letter: string
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly { readonly name: string; readonly title: string }[]
}

export interface Workspace {
  definition(): Definition
  /** For those who look after the workspace, who have every role. */
  previewLetter(by: Caller, process: string, letter: string, language: string): LetterPreview
  /** The letters of each process, for the same people; nothing for anyone else. */
  letters(by: Caller): readonly { readonly process: string; readonly letters: readonly string[] }[]
  /** Those who work here now, by name; with `process`, those of them who may see its cases. Nobody for a client. */
  people(by: Caller, process?: string): Promise<readonly PersonRef[]>
  /** Those the caller has any right on. */
  processes(by: Caller): readonly ProcessView[]
  /**
   * What the caller may fill in as they start a case: fields that its first stage names for them, with their defaults. Those
   * held for a consent that is not among `consents` (the client's, none where absent) stay out.
   */
  startFields(by: Caller, process: string, consents?: Readonly<Record<string, ConsentStatus>>): readonly FieldView[]
}
