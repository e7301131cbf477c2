import {
  type Accepted,
  type Action,
  type CaseState,
  type Condition,
  compile,
  compileCondition,
  type Definition,
  type Expression,
  type Ground,
  hasBasis,
  inReach,
  type Machine,
  type Process,
  type Rule,
} from '../../../engine/index.ts'
import { eventOf } from '../../../engine/machine.ts'
import type { CompiledRule } from '../../../engine/program.ts'
import type { Turn } from '../../../engine/turn.ts'
import { actionsIn, fieldIn, fieldsIn } from './expressions.ts'

/** What was seen of rules and conditions while cases ran. Rules by id, actions as `OWNER #n`. */
export interface Observed {
  readonly entered: Set<string>
  readonly left: Set<string>
  readonly fired: Set<string>
  /** `after` and `at` rules whose time has come. */
  readonly elapsed: Set<string>
  /** Whose condition was looked at, and whose held. */
  readonly looked: Set<string>
  readonly held: Set<string>
  /** Rules whose condition, and actions that, used a field out of reach. */
  readonly outOfReach: Set<string>
  /** Where rules fired each other without end. */
  readonly endless: Set<string>
}

export interface Watched {
  readonly machine: Machine
  readonly observed: Observed
  /** Takes down what an accepted decision shows. */
  readonly note: (before: string | undefined, decision: Accepted) => void
  /** Takes down that somebody is offered a move, or would be but for its condition; quietly, where another rule has offered it. */
  readonly noteOffered: (rule: Rule, state: CaseState, now: string, quietly: boolean) => boolean
}

/** The real machine of a process, which behaves as ever and tells what its rules look at. */
export function watch(definition: Definition, processName: string): Watched {
  const process = definition.processes[processName]
  if (!process) throw new Error(`there is no process ${processName}`)
  const probes = new Map<string, Probe>()
  const probed = withProbes(process, probes)
  const machine = compile({ ...definition, processes: { ...definition.processes, [processName]: probed } }, processName)
  const ground: Ground = { definition, process }
  const observed: Observed = {
    entered: new Set(),
    left: new Set(),
    fired: new Set(),
    elapsed: new Set(),
    looked: new Set(),
    held: new Set(),
    outOfReach: new Set(),
    endless: new Set(),
  }
  const look = looking(ground, observed)
  for (const compiled of machine.rules.values()) watchRule(compiled, machine, observed, look)
  return {
    machine,
    observed,
    note: (before, decision) => {
      noteStages(before, decision, observed)
      for (const { rule } of decision.log) if (rule !== undefined) observed.fired.add(rule)
      for (const effect of decision.effects) {
        const probe = effect.type === 'write' ? probes.get(effect.document) : undefined
        if (effect.type !== 'write' || !probe) continue
        const { owner, index, action } = probe
        const done = look(`${owner} #${index + 1}`, action.when, effect.state, decision.log[0]?.at ?? '')
        const used = done ? usedBy(action, effect.state, ground) : []
        if (isOutOfReach(used, effect.state, ground)) observed.outOfReach.add(`${owner} #${index + 1}`)
      }
    },
    noteOffered: (rule, state, now, quietly) => look(rule.id, rule.when, state, now, quietly),
  }
}

function noteStages(before: string | undefined, { state, log }: Accepted, { entered, left }: Observed): void {
  let from = before
  for (const { to, type } of log) {
    if (to === undefined || type === 'ended') continue
    entered.add(to)
    if (from !== undefined && from !== to) left.add(from)
    from = to
  }
  for (const stage of state.visited) entered.add(stage)
}

interface Probe {
  readonly owner: string
  readonly index: number
  readonly action: Action
}

/** A document nobody declares, written just before each action, shows the case as it is then. */
function withProbes(process: Process, probes: Map<string, Probe>): Process {
  const owned = new Map(actionsIn(process).map(({ owner, actions }) => [actions, owner]))
  const probed = (actions: readonly Action[]): readonly Action[] => {
    const owner = owned.get(actions) ?? ''
    return actions.flatMap((action, index): readonly Action[] => {
      const document = `${owner} #${index + 1}`
      probes.set(document, { owner, index, action })
      return [{ kind: 'write', document, at: action.at }, action]
    })
  }
  const rule = (each: Rule): Rule => ({ ...each, actions: probed(each.actions) })
  const stages = Object.values(process.stages).map((stage) => [
    stage.name,
    { ...stage, enter: probed(stage.enter), leave: probed(stage.leave), rules: stage.rules.map(rule) },
  ])
  return { ...process, stages: Object.fromEntries(stages), rules: process.rules.map(rule) }
}

type Look = (name: string, when: Expression | undefined, state: CaseState, now: string, quietly?: boolean) => boolean

function looking({ definition, process }: Ground, { looked, held, outOfReach }: Observed): Look {
  const ground: Ground = { definition, process }
  const compiled = new Map<Expression, Condition>()
  const holds = (when: Expression, state: CaseState, now: string): boolean => {
    const condition = compiled.get(when) ?? compileCondition(when, ground)
    compiled.set(when, condition)
    return condition(state, now)
  }
  return (name, when, state, now, quietly = false) => {
    looked.add(name)
    const yes = when === undefined || holds(when, state, now)
    if (yes) held.add(name)
    if (when && !quietly && usesOutOfReach(when, state, now, ground, holds)) outOfReach.add(name)
    return yes
  }
}

type Holds = (when: Expression, state: CaseState, now: string) => boolean

/** Whether working an expression out from left to right, no further than needed, comes upon a field out of reach. */
function usesOutOfReach(when: Expression, state: CaseState, now: string, ground: Ground, holds: Holds): boolean {
  switch (when.kind) {
    case 'not':
      return usesOutOfReach(when.of, state, now, ground, holds)
    case 'and':
    case 'or': {
      if (usesOutOfReach(when.left, state, now, ground, holds)) return true
      const goesOn = holds(when.left, state, now) === (when.kind === 'and')
      return goesOn && usesOutOfReach(when.right, state, now, ground, holds)
    }
    default:
      return isOutOfReach(fieldIn(when) === undefined ? fieldsIn(when) : [fieldIn(when) ?? ''], state, ground)
  }
}

function isOutOfReach(fields: readonly string[], state: CaseState, { definition, process }: Ground): boolean {
  return fields.some((name) => {
    const field = process.fields[name]
    return field !== undefined && !inReach(definition, field, state.client.consents)
  })
}

/** Sees steps of a turn that never ends too, of which no decision tells. */
function watchRule(
  compiled: CompiledRule,
  machine: Machine,
  { entered, left, fired, elapsed }: Observed,
  look: Look,
): void {
  const { rule, applies } = compiled
  const watched = (turn: Turn): boolean => {
    const answer = applies(turn)
    if (happens(rule, turn)) look(rule.id, rule.when, turn.state, turn.now)
    entered.add(turn.state.stage)
    for (const { from, to } of turn.log) if (from !== undefined && to !== undefined && from !== to) left.add(from)
    if (turn.event.type === 'timer') elapsed.add(turn.event.key)
    if (answer) {
      fired.add(rule.id)
      const rules = machine.stages.get(turn.state.stage)?.rules.map((each) => each.rule) ?? []
      for (const other of rules.slice(rules.indexOf(rule) + 1)) {
        const alike = eventOf(other) === eventOf(rule)
        if (alike && happens(other, turn)) look(other.id, other.when, turn.state, turn.now, true)
      }
    }
    return answer
  }
  Object.assign(compiled, { applies: watched })
}

/** Whether what a rule waits for happens in this turn, whatever its condition says. Replies here have one line. */
function happens({ trigger }: Rule, { event, news }: Turn): boolean {
  switch (trigger.kind) {
    case 'reply':
      return (
        event.type === 'reply' &&
        (trigger.letter === undefined || trigger.letter === event.letter) &&
        (trigger.saying.length === 0 || trigger.saying.some((phrase) => event.lines.includes(phrase)))
      )
    case 'when':
      return news.length === 0
    case 'move':
      return event.type === 'move' && event.by.kind === 'staff' && mayBy(trigger.by, event.by.roles)
    default:
      return true
  }
}

function mayBy(by: readonly string[] | undefined, roles: readonly string[]): boolean {
  return by === undefined || by.length === 0 || roles.some((role) => by.includes(role))
}

/** The fields that an action uses when it is done; none where it is skipped. */
function usedBy(action: Action, state: CaseState, { definition, process }: Ground): readonly string[] {
  const mayFor = (purpose: string | undefined) =>
    purpose === undefined || hasBasis(definition, purpose, state.client.consents)
  switch (action.kind) {
    case 'send': {
      if (!mayFor(definition.letters[action.letter]?.purpose)) return []
      if (action.to.kind === 'client' && state.client.email === undefined) return []
      const letter = definition.letters[action.letter]
      const templates = [
        letter?.subject,
        letter?.body,
        ...action.attach.map((name) => definition.documents[name]?.body),
      ]
      return fieldsOfTemplates(templates, process)
    }
    case 'write': {
      const document = definition.documents[action.document]
      return mayFor(document?.purpose) ? fieldsOfTemplates([document?.title, document?.body], process) : []
    }
    case 'call':
      return mayFor(definition.webhooks[action.webhook]?.purpose) ? action.with : []
    case 'set':
      return [action.field, ...fieldsIn(action.value)]
    default:
      return []
  }
}

/** Fields by their names inside `{{ … }}` and `{% … %}`. */
function fieldsOfTemplates(
  templates: readonly (Readonly<Record<string, string>> | undefined)[],
  { fields }: Process,
): readonly string[] {
  const tags = templates
    .flatMap((text) => Object.values(text ?? {}))
    .flatMap((text) => text.match(/\{[{%].*?[%}]\}/gs) ?? [])
  const words = new Set(tags.flatMap((tag) => tag.match(/[a-z][a-z0-9_]*/g) ?? []))
  return Object.keys(fields).filter((name) => words.has(name))
}
