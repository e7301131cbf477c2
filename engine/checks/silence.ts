import { constantOf } from '../arithmetic.ts'
import type { CaseState, Value } from '../case.ts'
import type { ConsentStatus, Expression } from '../definition.ts'
import { compileCondition } from '../expression.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import { fieldsIn, partsOf, strictFields } from '../verify/reading.ts'

/** What a client leaves as it is who chooses nothing: the fields they are asked for, and a consent they are asked for. */
export interface Unanswered {
  readonly fields: ReadonlySet<string>
  readonly purpose?: string
}

/** Whether a condition may hold, and may fail, for all that is known. */
interface Truth {
  readonly may: boolean
  readonly mayFail: boolean
}

const either: Truth = { may: true, mayFail: true }
const never: Truth = { may: false, mayFail: true }

/**
 * Whether a condition may hold though the client has chosen nothing: what they left unanswered has its default, and what they
 * were not asked may be anything. Silence and boxes that are ticked beforehand are no consent (GDPR rec. 32).
 */
export function holdsInSilence(condition: Expression | undefined, ground: Ground, unanswered: Unanswered): boolean {
  return condition === undefined || truthOf(condition, ground, unanswered).may
}

function truthOf(expression: Expression, ground: Ground, unanswered: Unanswered): Truth {
  switch (expression.kind) {
    case 'not': {
      const { may, mayFail } = truthOf(expression.of, ground, unanswered)
      return { may: mayFail, mayFail: may }
    }
    case 'and':
    case 'or': {
      const left = truthOf(expression.left, ground, unanswered)
      const right = truthOf(expression.right, ground, unanswered)
      return expression.kind === 'and'
        ? { may: left.may && right.may, mayFail: left.mayFail || right.mayFail }
        : { may: left.may || right.may, mayFail: left.mayFail && right.mayFail }
    }
    case 'consent':
      return expression.purpose === unanswered.purpose ? truthUnasked(expression.statuses) : either
    default:
      return truthOfAtom(expression, ground, unanswered)
  }
}

const otherThanGiven: readonly ConsentStatus[] = ['none', 'refused', 'withdrawn', 'expired']

/** Without an answer the consent stands as before, and is not given. */
function truthUnasked(statuses: readonly ConsentStatus[]): Truth {
  return {
    may: otherThanGiven.some((status) => statuses.includes(status)),
    mayFail: otherThanGiven.some((status) => !statuses.includes(status)),
  }
}

function truthOfAtom(atom: Expression, ground: Ground, { fields }: Unanswered): Truth {
  const isMissing = (name: string) => fields.has(name) && !own(ground.process.fields, name)?.default
  if (strictFields(atom).some(isMissing)) return never
  const defaults = new Map<string, Value>()
  for (const name of fieldsIn(atom)) {
    const preset = own(ground.process.fields, name)?.default
    const value = preset && constantOf(preset)
    if (!fields.has(name) || (preset && value === undefined)) return either
    if (value !== undefined) defaults.set(name, value)
  }
  if (asksTheWorld(atom)) return either
  const holds = compileCondition(atom, ground)(silentCase(ground, defaults), '')
  return { may: holds, mayFail: !holds }
}

/** Whether an expression says something of the case, its client or the day that fields do not. */
function asksTheWorld(expression: Expression): boolean {
  const worldly: readonly Expression['kind'][] = ['consent', 'stage was', 'today', 'now', 'client', 'case']
  return worldly.includes(expression.kind) || partsOf(expression).some(asksTheWorld)
}

/** A case of nothing but defaults, all of them in reach. */
function silentCase({ definition }: Ground, defaults: ReadonlyMap<string, Value>): CaseState {
  return {
    id: '',
    number: '',
    createdAt: '',
    stage: '',
    enteredAt: '',
    visited: [],
    ended: 'no',
    values: Object.fromEntries(defaults),
    timers: {},
    fired: [],
    seq: 0,
    client: { consents: Object.fromEntries(Object.keys(definition.purposes).map((name) => [name, 'given'])) },
  }
}
