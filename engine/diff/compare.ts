import type { Named, Place } from '../definition.ts'
import { own } from '../named.ts'
import type { Difference, Subject } from './difference.ts'

/** A part of a declaration: how it reads, and what makes two of them the same where that is not how they read. */
export interface Aspect<T> {
  readonly name: string
  words(of: T): string | undefined
  same?(of: T): string
}

interface Placed {
  readonly at?: Place
}

/** A difference for each part in which two declarations of one subject differ. */
export function changes<T extends Placed>(
  subject: Subject,
  aspects: readonly Aspect<T>[],
  before: T,
  after: T,
): Difference[] {
  return aspects.flatMap((aspect) => {
    const key = (of: T) => (aspect.same ? aspect.same(of) : aspect.words(of))
    if (key(before) === key(after)) return []
    return [{ ...changed(subject, aspect.words(before), aspect.words(after), after.at), aspect: aspect.name }]
  })
}

/** A difference of something that is in both definitions. */
export function changed(
  subject: Subject,
  before: string | undefined,
  after: string | undefined,
  at: Place | undefined,
): Difference {
  return {
    kind: 'changed',
    ...subject,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(at && { at }),
  }
}

export function added(subject: Subject, after: string, at?: Place, notes: readonly string[] = []): Difference {
  return { kind: 'added', ...subject, after, ...(at && { at }), ...(notes.length > 0 && { notes }) }
}

export function removed(subject: Subject, before: string, at?: Place, notes: readonly string[] = []): Difference {
  return { kind: 'removed', ...subject, before, ...(at && { at }), ...(notes.length > 0 && { notes }) }
}

/** Declarations of two definitions put side by side by their names. */
export interface Matched<T> {
  readonly gone: readonly T[]
  readonly new: readonly T[]
  readonly both: readonly { readonly name: string; readonly before: T; readonly after: T }[]
}

export function matched<T>(before: Named<T>, after: Named<T>): Matched<T> {
  return {
    gone: Object.entries(before).flatMap(([name, each]) => (own(after, name) === undefined ? [each] : [])),
    new: Object.entries(after).flatMap(([name, each]) => (own(before, name) === undefined ? [each] : [])),
    both: Object.entries(after).flatMap(([name, each]) => {
      const earlier = own(before, name)
      return earlier === undefined ? [] : [{ name, before: earlier, after: each }]
    }),
  }
}

/** Compares declarations of one kind: gone, new, and what differs in those that stayed. */
export function compareNamed<T extends Placed & { readonly name: string }>(
  before: Named<T>,
  after: Named<T>,
  subjectOf: (of: T) => Subject,
  whole: (of: T) => string,
  within: (before: T, after: T) => readonly Difference[],
): Difference[] {
  const sides = matched(before, after)
  return [
    ...sides.gone.map((each) => removed(subjectOf(each), whole(each), each.at)),
    ...sides.new.map((each) => added(subjectOf(each), whole(each), each.at)),
    ...sides.both.flatMap((each) => within(each.before, each.after)),
  ]
}
