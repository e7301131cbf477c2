import type { Finding } from '../checks/check.ts'
import type { Expression, Place, Process, Shown } from '../definition.ts'
import type { Program } from '../program.ts'
import { expressionInWords } from '../wording.ts'
import { and, type Bits, isEmpty, least, meet, minus, only } from './bits.ts'
import { whereRead } from './doing.ts'
import { type Exploration, onwards, restOf, type WayStep } from './explore.ts'
import { after } from './operation.ts'
import { pathOver, pathTo } from './places.ts'
import type { Proof } from './proof.ts'
import { fieldsIn } from './reading.ts'
import type { Edge, Node } from './system.ts'
import { reachOf } from './truth.ts'
import { consentsFor, readsOf, restsOnConsents, usesOf } from './use.ts'
import { everyAction, isAskedHereAlone } from './workspace.ts'

/** Z402: data that rest on consents alone, used, shown or edited where none of them is given. */
export function* unconsented(proof: Proof): Iterable<Finding> {
  const { program } = proof
  const told = new Set<string>()
  const once = (field: string, { file, line, column }: Place) => {
    const key = `${field} ${file}:${line}:${column}`
    if (told.has(key)) return false
    told.add(key)
    return true
  }
  for (const purposes of purposeSets(program, usedFields(program))) {
    const exploration = proof.exploration({ purposes })
    for (const found of [...badUses(exploration), ...badReads(exploration)]) {
      if (isTold(program, found.field, purposes) && once(found.field, found.at)) yield found.finding
    }
  }
  yield* shownTooSoon(proof, once)
}

/** The sets of purposes that have to be told apart for these fields, each once. */
function purposeSets(program: Program, fields: readonly string[]): readonly (readonly string[])[] {
  const sets = new Map<string, readonly string[]>()
  for (const field of fields) {
    const purposes = [...consentsFor(program, field)].sort()
    sets.set(purposes.join(' '), purposes)
  }
  return [...sets.values()]
}

function isTold(program: Program, field: string, purposes: readonly string[]): boolean {
  return [...consentsFor(program, field)].sort().join(' ') === purposes.join(' ')
}

/** The fields resting on consents that actions and conditions use. */
function usedFields(program: Program): readonly string[] {
  const { process } = program
  const actions = everyAction(process)
  const used = actions.flatMap((action) => usesOf(program, action).map(({ field }) => field))
  const read = conditionsOf(process).flatMap(fieldsIn)
  return [...new Set([...used, ...read])].filter((name) => restsOnConsents(program, name))
}

function conditionsOf(process: Process): readonly Expression[] {
  const stages = Object.values(process.stages)
  const rules = [...process.rules, ...stages.flatMap(({ rules: own }) => own)]
  return [...rules.flatMap(({ when }) => when ?? []), ...everyAction(process).flatMap(({ when }) => when ?? [])]
}

interface Found {
  readonly field: string
  readonly at: Place
  readonly finding: Finding
}

/** Uses by actions, on the shortest ways to them. */
function badUses(exploration: Exploration): readonly Found[] {
  const { system } = exploration
  const { facts, uses } = system
  const found = new Map<number, Found>()
  const suspects = badEdges(exploration)
  for (const { node, points } of suspects.size === 0 ? [] : exploration.arrivals) {
    for (const edge of system.exitsOf(node).edges) {
      if (!suspects.has(edge)) continue
      after(node.facts.space, edge.operations, points, (number, what) => {
        if (what !== 'use') return
        const use = uses[number]
        if (!use || found.has(number)) return
        const from = findSource(edge, points, number)
        found.set(number, {
          field: use.field,
          at: use.at,
          finding: {
            at: use.at,
            process: facts.program.process.name,
            message: `${use.by} uses \`${use.field}\`, and on some way no consent to ${anyOf(exploration, use.field)} is given then`,
            hint: guardHint(exploration, use.field),
            ...pathOver(exploration, node, only(node.facts.space.words, from), stepOver(exploration, edge, from)),
          },
        })
      })
    }
  }
  return [...found.values()]
}

/** The steps on which something is used that may not be. */
function badEdges({ system, reached }: Exploration): ReadonlySet<Edge> {
  const found = new Set<Edge>()
  for (const [node, points] of reached) {
    for (const edge of system.exitsOf(node).edges) {
      if (looks(edge.operations))
        after(node.facts.space, edge.operations, points, (_, what) => what === 'use' && found.add(edge))
    }
  }
  return found
}

function looks(operations: Edge['operations']): boolean {
  return operations.some(
    (operation) =>
      operation.kind === 'look' ||
      (operation.kind === 'if' && (looks(operation.inner) || looks(operation.otherwise ?? []))),
  )
}

function findSource({ from, operations }: Edge, points: Bits, number: number): number {
  const { space } = from.facts
  for (let left = points; !isEmpty(left); ) {
    const point = only(space.words, least(left))
    let bad = false
    after(space, operations, point, (seen, what) => {
      bad ||= what === 'use' && seen === number
    })
    if (bad) return least(left)
    left = minus(left, point)
  }
  return least(points)
}

function stepOver(exploration: Exploration, edge: Edge, from: number): readonly WayStep[] {
  const { space } = edge.from.facts
  const led = after(space, edge.operations, only(space.words, from))
  if (isEmpty(led)) return []
  const step: WayStep = { edge, from, to: least(led) }
  return [step, ...onwards(exploration, step)]
}

function lacking({ facts }: Node, field: string): Bits {
  return minus(facts.space.all, reachOf(facts, field).must)
}

/** Conditions of rules, looked at where none of the consents is given. */
function badReads(exploration: Exploration): readonly Found[] {
  const { system, reached } = exploration
  const { facts } = system
  const found = new Map<string, Found>()
  for (const [node, points] of reached) {
    for (const { ready, candidates } of system.exitsOf(node).choices) {
      const there = after(node.facts.space, ready, points)
      for (const { rule, at, condition, asked } of candidates) {
        for (const { field, when } of condition ? readsOf(condition) : []) {
          if (found.has(`${rule} ${field}`) || !restsOnConsents(facts.program, field)) continue
          const bad = and(and(and(there, asked), whereRead(node.facts, when)), lacking(node, field))
          if (isEmpty(bad)) continue
          const finding: Finding = {
            at,
            process: facts.program.process.name,
            message: `the condition \`${expressionInWords(condition as Expression)}\` uses \`${field}\`, and on some way no consent to ${anyOf(exploration, field)} is given then`,
            hint: guardHint(exploration, field),
            ...pathToReading(exploration, node, points, ready, bad),
          }
          found.set(`${rule} ${field}`, { field, at, finding })
        }
      }
    }
  }
  return [...found.values()]
}

function pathToReading(
  exploration: Exploration,
  node: Node,
  points: Bits,
  ready: Edge['operations'],
  bad: Bits,
): Pick<Finding, 'path' | 'steps'> {
  const { space } = node.facts
  for (const arrival of exploration.arrivals) {
    if (arrival.node !== node) continue
    for (let left = and(arrival.points, points); !isEmpty(left); ) {
      const point = only(space.words, least(left))
      if (meet(after(space, ready, point), bad)) return pathTo(exploration, node, point)
      left = minus(left, point)
    }
  }
  return {}
}

function anyOf({ system: { facts } }: Exploration, field: string): string {
  return consentsFor(facts.program, field)
    .map((purpose) => `\`${purpose}\``)
    .join(' or ')
}

function guardHint({ system: { facts } }: Exploration, field: string): Finding['hint'] {
  const [purpose] = consentsFor(facts.program, field)
  if (purpose !== undefined && !facts.asked.has(purpose)) return askHint(purpose)
  return {
    text: `add \`when consent to ${purpose}\`: a client can withdraw it at any time`,
    yaml: `add \`when: consent to ${purpose}\`: a client can withdraw it at any time`,
  }
}

function askHint(purpose: string): Finding['hint'] {
  return {
    text: `nothing in the workspace asks for it: write \`ask consent to ${purpose}\` in a form, or a rule that records it`,
    yaml: `nothing in the workspace asks for it: write \`askConsent: ${purpose}\` in a form, or a rule that records it`,
  }
}

/** Stages that show or edit such data where no consent can have been given: by a client who comes for the first time. */
function* shownTooSoon(proof: Proof, once: (field: string, at: Place) => boolean): Iterable<Finding> {
  const { program } = proof
  for (const { stage } of program.stages.values()) {
    for (const shown of [...stage.edit, ...stage.show]) {
      if (!restsOnConsents(program, shown.field)) continue
      const purposes = consentsFor(program, shown.field)
      const fresh = newcomers(proof, purposes)
      const exploration = proof.exploration({ purposes }, fresh.size > 0 ? { fresh } : {})
      const place = restOf(exploration, stage.name)
      if (!place || meet(place.points, reachOf(place.node.facts, shown.field).may)) continue
      if (!once(shown.field, shown.at)) continue
      yield tooSoon(exploration, stage.name, shown, place, stage.edit.includes(shown))
    }
  }
}

function tooSoon(
  exploration: Exploration,
  stage: string,
  { field, at }: Shown,
  { node, points }: { readonly node: Node; readonly points: Bits },
  edits: boolean,
): Finding {
  const { facts } = exploration.system
  const purposes = consentsFor(facts.program, field)
  const unasked = purposes.find((purpose) => !facts.asked.has(purpose))
  return {
    at,
    process: facts.program.process.name,
    message: `stage \`${stage}\` ${edits ? 'edits' : 'shows'} \`${field}\`, and consent to ${anyOf(exploration, field)} can't have been given there`,
    hint: unasked !== undefined ? askHint(unasked) : 'name the field in a stage that follows the consent',
    ...pathTo(exploration, node, points),
  }
}

/** The purposes to which a client who comes for the first time says yes in cases of this process alone. */
function newcomers({ program, every }: Proof, purposes: readonly string[]): ReadonlySet<string> {
  const { definition, process, rules } = program
  const waited = [...rules.values()].flatMap(({ rule: { trigger } }) =>
    trigger.kind === 'consent' ? [trigger.purpose] : [],
  )
  const told = [...every.system.facts.consents.keys(), ...waited, ...purposes]
  return new Set(told.filter((purpose) => isAskedHereAlone(definition, process.name, purpose)))
}
