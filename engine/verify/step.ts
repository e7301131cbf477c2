import type { Value } from '../case.ts'
import type { Decided } from '../definition.ts'

/** What may happen to a case. */
export type Happening =
  | { readonly kind: 'start'; readonly form?: string }
  | { readonly kind: 'decision'; readonly purpose: string; readonly decision: Decided }
  /** Any of several decisions that set nothing off where the case is. */
  | { readonly kind: 'decisions' }
  /** A consent runs out by time. Told apart only where a condition asks for it. */
  | { readonly kind: 'expiry'; readonly purpose: string }
  | { readonly kind: 'move'; readonly to: string; readonly by?: string }
  | { readonly kind: 'fill' }
  | { readonly kind: 'reply'; readonly letter?: string; readonly saying?: string }
  | { readonly kind: 'form'; readonly form: string }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timer'; readonly rule: string }
  | { readonly kind: 'erasure'; readonly key: string }
  | { readonly kind: 'cases done' }

/** One thing that happens on a way, with all that follows from it by itself. */
export interface Step {
  readonly words: string
  readonly happening: Happening
  /** What is filled in; null is cleared. */
  readonly values: Readonly<Record<string, Value | null>>
  /** What a form's questions about consents are answered. */
  readonly consents: Readonly<Record<string, 'given' | 'refused'>>
  /** Where the case is then; absent before it has started. */
  readonly stage?: string
}
