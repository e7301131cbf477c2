import type { CaseState, Value } from '../case.ts'
import type { Field } from '../definition.ts'
import { own } from '../named.ts'
import { inReach } from '../reach.ts'
import { formatValue } from '../text.ts'
import { isBlank, parseValue } from '../value.ts'
import { visibleFields } from '../visibility.ts'
import { notStarted } from './happen.ts'
import type { Ended, Expectation, ExpectedValue } from './scenario.ts'
import { scheduledIn } from './scheduled.ts'
import { clientOf, somebody, type World } from './world.ts'

/** One thing that is not as it was expected, in words. */
export interface Difference {
  /** `stage`, `consent to allergies`, `field price`. */
  readonly what: string
  readonly wanted: string
  readonly found: string
}

/** Everything in which a world differs from what is expected of it. */
export function differences(world: World, expected: Expectation): readonly Difference[] {
  const outside = [
    ...inOrder('letters', expected.letters, names(world.letters.map(({ letter }) => letter))),
    ...inAnyOrder('notified', expected.notified, [...world.notified]),
    ...consents(world, expected),
  ]
  const { letters: _letters, notified: _notified, consent: _consent, ...ofCase } = expected
  if (world.state) return [...inCase(world, world.state, expected), ...outside]
  const wanted = Object.keys(ofCase)
  const because = notStarted(world).refused ?? ''
  return wanted.length > 0 ? [{ what: wanted.join(', '), wanted: 'a case', found: because }, ...outside] : outside
}

function inCase(world: World, state: CaseState, expected: Expectation): readonly Difference[] {
  const { stage, ended } = expected
  return [
    ...(stage !== undefined && stage !== state.stage ? [{ what: 'stage', wanted: stage, found: state.stage }] : []),
    ...(ended !== undefined && !isEnded(state, ended) ? [{ what: 'ended', wanted: ended, found: endOf(state) }] : []),
    ...sight(world, state, expected),
    ...Object.entries(expected.fields ?? {}).flatMap(([name, value]) => heldBy(world, state, name, value)),
    ...scheduled(world, expected),
  ]
}

function isEnded({ ended }: CaseState, wanted: Ended): boolean {
  if (wanted === 'false') return ended === 'no'
  return wanted === 'true' ? ended !== 'no' : ended === 'success'
}

function endOf({ ended }: CaseState): string {
  if (ended === 'no') return 'false'
  return ended === 'success' ? 'success' : 'true, without success'
}

const nothing = 'none'

function names(list: readonly string[]): string {
  return list.join(', ') || nothing
}

function inOrder(what: string, wanted: readonly string[] | undefined, found: string): readonly Difference[] {
  return wanted === undefined || names(wanted) === found ? [] : [{ what, wanted: names(wanted), found }]
}

function inAnyOrder(what: string, wanted: readonly string[] | undefined, found: readonly string[]) {
  const same = wanted?.every((name) => found.includes(name)) && found.every((name) => wanted.includes(name))
  return wanted === undefined || same ? [] : [{ what, wanted: names(wanted), found: names(found) }]
}

/** All of `wanted` are among what there is; where it is empty, there is none. */
function among(
  what: string,
  wanted: readonly string[] | undefined,
  has: (name: string) => boolean,
  found: readonly string[],
): readonly Difference[] {
  if (wanted === undefined) return []
  const fits = wanted.length > 0 ? wanted.every(has) : found.length === 0
  return fits ? [] : [{ what, wanted: names(wanted), found: names(found) }]
}

function consents(world: World, { consent = {} }: Expectation): readonly Difference[] {
  return Object.entries(consent).flatMap(([purpose, wanted]) => {
    const found = own(clientOf(world).consents, purpose) ?? 'none'
    return found === wanted ? [] : [{ what: `consent to ${purpose}`, wanted, found }]
  })
}

/** What staff see is what somebody with every role sees; hidden is what neither they nor the client see. */
function sight(world: World, state: CaseState, { visible, editable, hidden }: Expectation): readonly Difference[] {
  if (!visible && !editable && !hidden) return []
  const { machine } = world
  const someone = somebody(machine.definition)
  const roles = someone.kind === 'staff' ? someone.roles : []
  const staff = visibleFields(machine, state, { kind: 'staff', roles })
  const client = visibleFields(machine, state, { kind: 'client' })
  const open = [...staff.keys()].filter((name) => staff.get(name) === 'edit')
  const unseen = Object.keys(machine.process.fields).filter((name) => !staff.has(name) && !client.has(name))
  return [
    ...among('visible', visible, (name) => staff.has(name), [...staff.keys()]),
    ...among('editable', editable, (name) => open.includes(name), open),
    ...among('hidden', hidden, (name) => unseen.includes(name), unseen),
  ]
}

function scheduled(world: World, { scheduled: wanted }: Expectation): readonly Difference[] {
  if (!wanted) return []
  const waiting = scheduledIn(world)
  const has = (name: string) => waiting.some((each) => each.calledAlso.includes(plain(name)))
  return among(
    'scheduled',
    wanted,
    has,
    waiting.map(({ words }) => words),
  )
}

function plain(name: string): string {
  return name.trim().replace(/\s+/g, ' ')
}

function heldBy(world: World, state: CaseState, name: string, expected: ExpectedValue): readonly Difference[] {
  const { definition, process } = world.machine
  const field = own(process.fields, name)
  if (!field) return []
  const value = inReach(definition, field, state.client.consents) ? own(state.values, name) : undefined
  const found = value === undefined ? gone(world, name) : quoted(value, field)
  const what = `field ${name}`
  if (expected.is === 'erased') return found === 'erased' ? [] : [{ what, wanted: 'erased', found }]
  if (isBlank(expected.written)) return value === undefined ? [] : [{ what, wanted: 'nothing', found }]
  const parsed = parseValue(field.type, expected.written)
  if ('problem' in parsed) {
    return [{ what, wanted: `${shown(expected.written)}, which can’t be: it ${parsed.problem}`, found }]
  }
  const same = value !== undefined && JSON.stringify(parsed.value) === JSON.stringify(value)
  return same ? [] : [{ what, wanted: quoted(parsed.value, field), found }]
}

function gone(world: World, name: string): string {
  return world.filled.has(name) ? 'erased' : 'nothing, and it was never filled'
}

function quoted(value: Value, { type }: Field): string {
  return `\`${formatValue(value, type)}\``
}

function shown(written: string | readonly string[]): string {
  return `\`${typeof written === 'string' ? written : written.join(', ')}\``
}
