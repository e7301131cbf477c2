/**
 * How a value looks in YAML, as data: the reader, the JSON Schemas, completion and the reference all go by it. What a
 * scalar says beyond its look is read by the same grammar as Zgoda text.
 */

/** What a scalar says. */
export type ScalarForm =
  | 'string'
  | 'text'
  | 'template'
  | 'expression'
  | 'duration'
  | 'keep'
  | 'date'
  | 'clock'
  | 'days'
  | 'number'
  | 'flag'
  | 'type'
  | 'option'
  | 'environment'
  | 'value'

/** What a name is declared as, or stands for. */
export type NameKind =
  | 'role'
  | 'purpose'
  | 'letter'
  | 'document'
  | 'form'
  | 'process'
  | 'webhook'
  | 'table'
  | 'field'
  | 'stage'
  | 'signal'
  | 'input'

export interface ScalarShape {
  readonly kind: 'scalar'
  readonly form: ScalarForm
}

/** One of a fixed list of words. */
export interface WordShape {
  readonly kind: 'word'
  readonly words: readonly string[]
  /** What the words are, for messages: `legal basis`. */
  readonly what: string
}

/** The name of something declared elsewhere, or one of some words that mean something in its place. */
export interface MentionShape {
  readonly kind: 'mention'
  readonly of: readonly NameKind[]
  readonly words?: readonly string[]
}

/** A list; one item alone may stand without the list. */
export interface ListShape {
  readonly kind: 'list'
  readonly of: Shape
  /** It has at least one item: an empty one would say what Zgoda text has no words for. */
  readonly some?: true
}

/** Names with what each of them is. */
export interface MapShape {
  readonly kind: 'map'
  /** What the keys are, and whether they are declared here or stand for what is declared elsewhere. */
  readonly names: NameKind
  readonly declares: boolean
  readonly of: Shape
  readonly some?: true
}

export interface Key {
  readonly shape: Shape
  readonly help: string
  /** Its record can't do without it; `later` where the resolver says so, for both notations. */
  readonly required?: 'here' | 'later'
}

export interface RecordShape {
  readonly kind: 'record'
  /** How it is called in messages: `a purpose`. */
  readonly title: string
  readonly help: string
  readonly keys: Readonly<Record<string, Key>>
  /** Exactly one of these keys stands in it. */
  readonly one?: readonly string[]
}

/** One of several, told apart by whether it is a scalar, a list or a map. */
export interface EitherShape {
  readonly kind: 'either'
  readonly of: readonly (ScalarShape | WordShape | MentionShape | ListShape | RecordShape)[]
}

export type Shape = ScalarShape | WordShape | MentionShape | ListShape | MapShape | RecordShape | EitherShape

export function scalar(form: ScalarForm): ScalarShape {
  return { kind: 'scalar', form }
}

export function word(words: readonly string[], what: string): WordShape {
  return { kind: 'word', words, what }
}

export function mention(of: NameKind | readonly NameKind[], words?: readonly string[]): MentionShape {
  return { kind: 'mention', of: typeof of === 'string' ? [of] : of, ...(words ? { words } : {}) }
}

export function list(of: Shape): ListShape {
  return { kind: 'list', of }
}

/** A list of at least one. */
export function some(of: Shape): ListShape {
  return { kind: 'list', of, some: true }
}

export function declared(names: NameKind, of: Shape, some?: true): MapShape {
  return { kind: 'map', names, declares: true, of, ...(some ? { some } : {}) }
}

export function mapped(names: NameKind, of: Shape): MapShape {
  return { kind: 'map', names, declares: false, of }
}

export function record(
  title: string,
  help: string,
  keys: Readonly<Record<string, Key>>,
  one?: readonly string[],
): RecordShape {
  return { kind: 'record', title, help, keys, ...(one ? { one } : {}) }
}

export function either(...of: EitherShape['of']): EitherShape {
  return { kind: 'either', of }
}

export function key(shape: Shape, help: string): Key {
  return { shape, help }
}

/** A key that its record can't do without. */
export function must(shape: Shape, help: string, told: 'here' | 'later' = 'here'): Key {
  return { shape, help, required: told }
}

/** The record of a shape: itself, that of its items or values, or the one among its alternatives. */
export function recordIn(shape: Shape): RecordShape | undefined {
  switch (shape.kind) {
    case 'record':
      return shape
    case 'list':
    case 'map':
      return recordIn(shape.of)
    case 'either':
      for (const each of shape.of) {
        const found = recordIn(each)
        if (found) return found
      }
      return undefined
    default:
      return undefined
  }
}
