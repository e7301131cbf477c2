import type { Definition, Purpose } from '../definition.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'
import { type AskedAgain, askedAgain } from './asked-again.ts'
import { type Aspect, changed, changes, compareNamed } from './compare.ts'
import type { Difference } from './difference.ts'
import { durationKey, setKey, textKey } from './key.ts'
import { keepInWords, listInWords, textInWords } from './words.ts'

const subject = ({ name }: Purpose) => ({ what: 'purpose' as const, name })

/** What differs in what data are used for, and whether clients have to be asked again for it. */
export function comparePurposes(before: Definition, after: Definition): Difference[] {
  const again = new Map(askedAgain(before, after).map((each) => [each.purpose, each]))
  const told = new Set<string>()
  const found = compareNamed(before.purposes, after.purposes, subject, purposeInWords, (one, other) => {
    const differences = changes(subject(other), aspects, one, other)
    if (differences.length > 0) told.add(other.name)
    return withNotes(differences, one, other, again.get(other.name))
  })
  const byFieldsAlone = [...again.values()].filter(({ purpose }) => !told.has(purpose))
  return [...found, ...byFieldsAlone.flatMap((each) => scope(after, each))]
}

/** The notes stand once, with the first of a purpose's differences. */
function withNotes(
  differences: readonly Difference[],
  before: Purpose,
  after: Purpose,
  again: AskedAgain | undefined,
): Difference[] {
  const notes = notesOn(differences, before, after, again)
  return differences.map((each, index) => (index === 0 && notes.length > 0 ? { ...each, notes } : each))
}

function notesOn(
  differences: readonly Difference[],
  before: Purpose,
  after: Purpose,
  again: AskedAgain | undefined,
): string[] {
  if (again) return [asking(again, after.version)]
  const words = differences.some(({ aspect }) => aspect === 'text' || aspect === 'recipients' || aspect === 'keep')
  return [
    ...(after.version < before.version ? ['the version went down: a version only rises'] : []),
    ...(words && !restsOnConsent(after)
      ? [`it rests on ${after.basis}, so nobody is asked; clients are told (Art. 13(3))`]
      : []),
  ]
}

function asking({ because, raised }: AskedAgain, version: number): string {
  const why = because.length > 0 ? because.join('; ') : 'its version was raised'
  return raised
    ? `clients are asked again: ${why}`
    : `clients must be asked again: ${why}; raise its version to ${version + 1}`
}

function scope(after: Definition, again: AskedAgain): Difference[] {
  const purpose = own(after.purposes, again.purpose)
  if (!purpose) return []
  const difference = changed(subject(purpose), undefined, undefined, purpose.at)
  return [{ ...difference, aspect: 'scope', notes: [asking(again, purpose.version)] }]
}

function purposeInWords({ title, basis, necessary }: Purpose): string {
  return `${textInWords(title)}, basis ${basis}${necessary ? ', necessary' : ''}`
}

const aspects: readonly Aspect<Purpose>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  { name: 'basis', words: ({ basis }) => basis },
  { name: 'necessary', words: ({ necessary }) => (necessary ? 'yes' : 'no') },
  { name: 'text', words: ({ text }) => text && textInWords(text), same: ({ text }) => textKey(text) },
  {
    name: 'keep',
    words: ({ keep }) => keep && keepInWords(keep),
    same: ({ keep }) => (keep && 'for' in keep ? `${durationKey(keep.for)} after ${keep.after}` : keep ? 'end' : ''),
  },
  {
    name: 'recipients',
    words: ({ recipients }) => listInWords(recipients),
    same: ({ recipients }) => setKey(recipients),
  },
  { name: 'version', words: ({ version }) => String(version) },
  { name: 'about', words: ({ about }) => about },
]
