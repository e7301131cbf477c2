import type { Definition, Keep, Purpose, Text } from '../definition.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'
import { durationKey } from './key.ts'

/** A purpose to which clients' earlier consent does not hold any more (GDPR Art. 6(4), 7, 13(3)). */
export interface AskedAgain {
  readonly purpose: string
  /** What is no longer what the client agreed to; empty where only the version was raised. */
  readonly because: readonly string[]
  /** Whether `version` says so. Where it does not, it has to be raised. */
  readonly raised: boolean
}

/**
 * The purposes whose clients have to be asked again: those that rest on consent and have a new text or a wider scope, and those whose version
 * was raised. What is narrower than the client agreed to needs no new consent.
 */
export function askedAgain(before: Definition, after: Definition): readonly AskedAgain[] {
  return Object.values(after.purposes).flatMap((purpose) => {
    const earlier = own(before.purposes, purpose.name)
    if (!earlier || !restsOnConsent(purpose)) return []
    const because = [...newWords(earlier, purpose), ...wider(earlier, purpose), ...newFields(before, after, purpose)]
    const raised = purpose.version > earlier.version
    return because.length > 0 || raised ? [{ purpose: purpose.name, because, raised }] : []
  })
}

function newWords(before: Purpose, after: Purpose): string[] {
  const text = before.text ? reworded(before.text, after.text) : after.text !== undefined
  return [...(reworded(before.title, after.title) ? ['its title is new'] : []), ...(text ? ['its text is new'] : [])]
}

/**
 * A language that is new has been shown to nobody yet. Spaces, capitals and punctuation put right leave the words what they were: that makes another
 * notice, and no other consent.
 */
function reworded(before: Text, after: Text | undefined): boolean {
  return Object.entries(before).some(([language, words]) => wordsIn(after?.[language] ?? '') !== wordsIn(words))
}

function wordsIn(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s.,;:!?'"“”„’‘()–—-]+/gu, ' ')
    .trim()
}

function wider(before: Purpose, after: Purpose): string[] {
  const recipients = after.recipients.filter((each) => !before.recipients.includes(each))
  const stricter = after.basis === 'explicit consent' || !restsOnConsent(before)
  return [
    ...(before.basis !== after.basis && stricter ? [`it now rests on ${after.basis}`] : []),
    ...(keptLonger(before.keep, after.keep) ? ['data are kept longer, or otherwise'] : []),
    ...recipients.map((each) => `data go to ${each}`),
    ...(before.about !== after.about ? [`it is about ${after.about}`] : []),
  ]
}

/** Unless it is certain that the new time is not longer, it may be. */
function keptLonger(before: Keep | undefined, after: Keep | undefined): boolean {
  if (before === undefined) return false
  if (after === undefined) return true
  if ('until' in before) return !('until' in after)
  if ('until' in after) return before.after !== 'end'
  if (before.after !== after.after) return true
  const [was, wasUnit] = split(durationKey(before.for))
  const [is, isUnit] = split(durationKey(after.for))
  return wasUnit !== isUnit || is > was
}

function split(key: string): readonly [number, string] {
  const space = key.indexOf(' ')
  return [Number(key.slice(0, space)), key.slice(space)]
}

function newFields(before: Definition, after: Definition, { name }: Purpose): string[] {
  const known = new Set(fieldsFor(before, name).map(({ id }) => id))
  const special = new Set(fieldsFor(before, name).flatMap(({ id, special }) => (special ? [id] : [])))
  return fieldsFor(after, name).flatMap(({ id, special: isSpecial }) => {
    if (!known.has(id)) return [`it takes field \`${id}\``]
    return isSpecial && !special.has(id) ? [`field \`${id}\` is special now`] : []
  })
}

function fieldsFor({ processes }: Definition, purpose: string): readonly { id: string; special: boolean }[] {
  return Object.values(processes).flatMap((process) =>
    Object.values(process.fields)
      .filter((field) => field.personal.includes(purpose))
      .map(({ name, special }) => ({ id: `${process.name}.${name}`, special })),
  )
}
