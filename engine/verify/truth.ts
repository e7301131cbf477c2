import type { Expression } from '../definition.ts'
import { own } from '../named.ts'
import { consentsToReach } from '../reach.ts'
import { expressionInWords } from '../wording.ts'
import { and, type Bits, minus, or } from './bits.ts'
import { fieldOfAtom } from './classes.ts'
import type { Known } from './facts.ts'
import { atomsOf, strictFields } from './reading.ts'

/** Where a condition may hold, and where it must. */
export interface Truth {
  readonly may: Bits
  readonly must: Bits
}

/** What is assumed of what is not followed: the class of a free field, or whether a condition of the moment holds (1) or not. */
export type Assumed = ReadonlyMap<string, number>

export const nothingAssumed: Assumed = new Map()

/** Where a condition holds among all points of the space. */
export function truthOf(facts: Known, condition: Expression | undefined, assumed = nothingAssumed): Truth {
  const { all, nothing } = facts.space
  if (!condition) return exactly(all)
  switch (condition.kind) {
    case 'yes/no':
      return exactly(condition.value ? all : nothing)
    case 'not': {
      const of = truthOf(facts, condition.of, assumed)
      return { may: minus(all, of.must), must: minus(all, of.may) }
    }
    case 'and':
    case 'or': {
      const left = truthOf(facts, condition.left, assumed)
      const right = truthOf(facts, condition.right, assumed)
      const join = condition.kind === 'and' ? and : or
      return { may: join(left.may, right.may), must: join(left.must, right.must) }
    }
    default:
      return atomTruth(facts, condition, assumed)
  }
}

function exactly(where: Bits): Truth {
  return { may: where, must: where }
}

function atomTruth(facts: Known, atom: Expression, assumed: Assumed): Truth {
  const { space } = facts
  switch (atom.kind) {
    case 'consent':
      return consentIs(facts, atom.purpose, atom.statuses)
    case 'stage was': {
      const variable = space.indexOf(`was:${atom.stage}`)
      return variable === undefined ? { may: space.all, must: space.nothing } : exactly(space.where(variable, 2))
    }
    default: {
      const field = fieldOfAtom(atom)
      const classes = field === undefined ? undefined : facts.fields.get(field)
      const holdFor = classes?.holdFor(atom)
      return field !== undefined && holdFor !== undefined
        ? fieldTruth(facts, field, holdFor, assumed)
        : momentTruth(facts, atom, assumed)
    }
  }
}

function consentIs({ space, consents, asked }: Known, purpose: string, statuses: readonly string[]): Truth {
  const variable = space.indexOf(`consent:${purpose}`)
  const fact = consents.get(purpose)
  if (variable === undefined || !fact) {
    const possible = asked.has(purpose)
      ? statuses.length > 0
      : statuses.includes('none') || statuses.includes('refused')
    return { may: possible ? space.all : space.nothing, must: space.nothing }
  }
  const values = fact.statuses.reduce(
    (bits, stands, value) => (stands.some((status) => statuses.includes(status)) ? bits | (1 << value) : bits),
    0,
  )
  return exactly(space.where(variable, values))
}

/** Where data may be used for a purpose. Of a purpose that is not followed nothing is known. */
export function basisOf(facts: Known, purpose: string): Truth {
  const { space, consents } = facts
  const declared = own(facts.ground.definition.purposes, purpose)
  if (!declared) return exactly(space.nothing)
  if (declared.basis !== 'consent' && declared.basis !== 'explicit consent') return exactly(space.all)
  if (!facts.asked.has(purpose)) return exactly(space.nothing)
  const variable = space.indexOf(`consent:${purpose}`)
  if (variable === undefined || !consents.has(purpose)) return { may: space.all, must: space.nothing }
  return exactly(space.where(variable, 2))
}

/** Where a field's value may be used at all. */
export function reachOf(facts: Known, name: string): Truth {
  const { definition, process } = facts.ground
  const field = own(process.fields, name)
  const purposes = field && consentsToReach(definition, field)
  if (!purposes) return exactly(facts.space.all)
  return purposes
    .map((purpose) => basisOf(facts, purpose))
    .reduce((a, b) => ({ may: or(a.may, b.may), must: or(a.must, b.must) }), exactly(facts.space.nothing))
}

/** Where a field's value, as far as it can be used, is in one of some classes. One out of reach reads as missing. */
export function fieldTruth(facts: Known, name: string, classes: number, assumed: Assumed): Truth {
  const { space } = facts
  const variable = space.indexOf(`field:${name}`)
  const known = assumed.get(`field:${name}`)
  const whole = facts.fields.get(name)
  const everything = whole ? 2 ** whole.of.length - 1 : 1
  const where =
    variable !== undefined
      ? exactly(space.where(variable, classes))
      : known !== undefined
        ? exactly((classes & (1 << known)) !== 0 ? space.all : space.nothing)
        : { may: classes !== 0 ? space.all : space.nothing, must: classes === everything ? space.all : space.nothing }
  const reach = reachOf(facts, name)
  if (reach.must === space.all) return where
  const missing = (classes & 1) !== 0
  return {
    may: missing ? or(and(where.may, reach.may), minus(space.all, reach.must)) : and(where.may, reach.may),
    must: missing ? or(and(where.must, reach.must), minus(space.all, reach.may)) : and(where.must, reach.must),
  }
}

function momentTruth(facts: Known, atom: Expression, assumed: Assumed): Truth {
  const { space } = facts
  const key = `moment:${expressionInWords(atom)}`
  const variable = space.indexOf(key)
  const known = assumed.get(key)
  const chosen =
    variable !== undefined
      ? exactly(space.where(variable, 2))
      : known !== undefined
        ? exactly(known === 1 ? space.all : space.nothing)
        : { may: space.all, must: space.nothing }
  return strictFields(atom).reduce((truth, field) => {
    const filled = filledTruth(facts, field, assumed)
    return { may: and(truth.may, filled.may), must: and(truth.must, filled.must) }
  }, chosen)
}

/** Where a field has a value that can be used. */
export function filledTruth(facts: Known, name: string, assumed: Assumed): Truth {
  const filled = facts.fields.get(name)?.holdFor({ kind: 'filled', field: name })
  return filled === undefined
    ? { may: facts.space.all, must: facts.space.nothing }
    : fieldTruth(facts, name, filled, assumed)
}

/** How many combinations of what is not followed are looked at one by one; beyond, each part counts for itself. */
const mostAssumptions = 256

/**
 * Every combination of what conditions read that is not followed: free fields, and conditions of the moment. One that assumes
 * nothing where there are too many.
 */
export function assumptionsFor(facts: Known, conditions: readonly (Expression | undefined)[]): readonly Assumed[] {
  const sizes = new Map<string, number>()
  for (const condition of conditions) {
    for (const atom of condition ? atomsOf(condition) : []) {
      if (atom.kind === 'consent' || atom.kind === 'stage was' || atom.kind === 'yes/no') continue
      const field = fieldOfAtom(atom)
      const isTold = field !== undefined && facts.fields.get(field)?.holdFor(atom) !== undefined
      const key = `moment:${expressionInWords(atom)}`
      if (!isTold && facts.space.indexOf(key) === undefined) sizes.set(key, 2)
      for (const name of field === undefined ? strictFields(atom) : [field]) {
        const classes = facts.fields.get(name)
        if (classes && facts.space.indexOf(`field:${name}`) === undefined) sizes.set(`field:${name}`, classes.of.length)
      }
    }
  }
  let found: Assumed[] = [nothingAssumed]
  for (const [key, size] of sizes) {
    if (found.length * size > mostAssumptions) return [nothingAssumed]
    found = found.flatMap((each) => Array.from({ length: size }, (_, value) => new Map([...each, [key, value]])))
  }
  return found
}
