import type { Expression, Field, Form, Question, Stage } from '../definition.ts'
import { own } from '../named.ts'
import { type CompiledRule, enterId, leaveId, type Program } from '../program.ts'
import { rolesWith } from '../rights.ts'
import { normalSaying, says } from '../saying.ts'
import { and, type Bits, isEmpty, minus, or } from './bits.ts'
import {
  type Alternative,
  alternativesOf,
  decidedOperations,
  emptied,
  flagged,
  type Ground,
  heldOnlyFilled,
  isWaitedFor,
  overAll,
  plainOperations,
  saidNo,
} from './doing.ts'
import { type Facts, isEditable, isForEditors } from './facts.ts'
import type { Operation } from './operation.ts'
import { partsOf, strictFields } from './reading.ts'
import { type Recast, recast, type Space } from './space.ts'
import type { Happening } from './step.ts'
import type { AskedCondition, Candidate, Choice, Edge, Exits, Mode, News, Node, System } from './system.ts'
import { orderedTimers } from './timers.ts'
import { assumptionsFor, basisOf, filledTruth, nothingAssumed, reachOf, truthOf } from './truth.ts'
import { consentsFor, type Use } from './use.ts'
import { givenByOthers } from './workspace.ts'

/** The system of a process: where cases may be and what leads from each to the next, after the chart that runs them (`planChart`). */
export function systemOf(facts: Facts, mode: Mode = {}): System {
  const uses: Use[] = []
  const conditions: AskedCondition[] = []
  const builder = new Builder(facts, mode, uses, conditions)
  return { facts, mode, uses, conditions, start: builder.node('before', ''), exitsOf: (node) => builder.exitsOf(node) }
}

/** A rule that may answer, and the operations that a way it goes asks for; `to` undefined stays where it is. */
interface Asked {
  readonly rule: CompiledRule
  /** What must hold beside its `when`. */
  readonly also?: Bits
}

interface Asking {
  readonly from: Node
  readonly happening?: Happening
  readonly ready: readonly Operation[]
  /** What must hold for it to happen at all, beside what `ready` says. */
  readonly possible?: Expression
  readonly rules: readonly Asked[]
  readonly news: readonly News[]
  readonly clientActed: boolean
  readonly refuses?: readonly string[]
  /** What is left when no rule answers; nothing where the happening is then refused or changes nothing. */
  readonly unanswered?: Node
}

/** Makes nodes once each, and the ways out of a node when it is reached. */
class Builder {
  readonly #program: Program
  readonly #mode: Mode
  readonly #uses: Use[]
  readonly #conditions: AskedCondition[]
  readonly #recasts = new Map<Space, Map<Space, Recast>>()
  /** What is told apart at the node whose exits are being made. */
  #facts: Facts
  readonly #nodes = new Map<string, Node>()
  readonly #exits = new Map<string, Exits>()
  #edges: Edge[] = []
  #choices: Choice[] = []

  constructor(facts: Facts, mode: Mode, uses: Use[], conditions: AskedCondition[]) {
    this.#conditions = conditions
    this.#facts = facts
    this.#program = facts.program
    this.#mode = mode
    this.#uses = uses
  }

  get #ground(): Ground {
    return { facts: this.#facts, mode: this.#mode, uses: this.#uses, conditions: this.#conditions }
  }

  node(kind: Node['kind'], stage: string, news: readonly News[] = []): Node {
    const key = [kind, stage, ...news.map(({ purpose, decision }) => `${purpose}.${decision}`)].join(' ')
    const found = this.#nodes.get(key)
    if (found) return found
    const made: Node = { key, kind, stage, news, facts: this.#facts.at(stage) }
    this.#nodes.set(key, made)
    return made
  }

  exitsOf(node: Node): Exits {
    const found = this.#exits.get(node.key)
    if (found) return found
    this.#edges = []
    this.#choices = []
    this.#facts = node.facts
    this.#make(node)
    const exits = { edges: this.#edges, choices: this.#choices }
    this.#exits.set(node.key, exits)
    return exits
  }

  #make(node: Node): void {
    switch (node.kind) {
      case 'before':
        this.#decisions(node)
        this.#expiries(node)
        this.#starts(node)
        break
      case 'gate':
        this.#gate(node)
        break
      case 'tell':
        this.#tell(node)
        break
      case 'settle':
        this.#settle(node)
        break
      case 'rest':
        this.#rest(node)
        break
    }
  }

  #stage(name: string): Stage {
    return own(this.#program.process.stages, name) as Stage
  }

  #rulesAt(stage: string): readonly CompiledRule[] {
    return this.#program.stages.get(stage)?.rules ?? []
  }

  // Into a stage and out of it.

  /** Where a switch to a stage leads, and what it does on the way. */
  #into(stage: string, news: readonly News[]): { to: Node; operations: readonly Operation[] } {
    const moved = this.#recastTo(this.#facts.at(stage).space)
    if (this.#stage(stage).needs.length > 0) return { to: this.node('gate', stage, news), operations: moved }
    return { to: this.#arrived(stage, news), operations: [...moved, ...this.#entering(stage)] }
  }

  /** What is told apart changes with the stage. Conditions of the moment that come in may hold or not. */
  #recastTo(to: Space): readonly Operation[] {
    const from = this.#facts.space
    if (from === to) return []
    const known = this.#recasts.get(from) ?? new Map<Space, Recast>()
    this.#recasts.set(from, known)
    const made = known.get(to) ?? recast(from, to, (key) => (key.startsWith('moment:') ? 3 : 1))
    known.set(to, made)
    return [{ kind: 'recast', from, recast: made }]
  }

  #arrived(stage: string, news: readonly News[]): Node {
    if (this.#stage(stage).final) return this.node('rest', stage)
    return news.length > 0 ? this.node('tell', stage, news) : this.node('settle', stage)
  }

  #entering(name: string): readonly Operation[] {
    const stage = this.#stage(name)
    const facts = this.#facts.at(name)
    const timers = orderedTimers(stage.rules).followed.flatMap((id) => flagged(facts, `pending:${id}`, 1))
    return [
      ...flagged(facts, `was:${name}`, 1),
      ...timers,
      ...plainOperations({ ...this.#ground, facts }, enterId(name), stage.enter),
    ]
  }

  #leaving(name: string): readonly Operation[] {
    const stage = this.#stage(name)
    const timers = orderedTimers(stage.rules).followed.flatMap((id) => flagged(this.#facts, `pending:${id}`, 0))
    return [...plainOperations(this.#ground, leaveId(name), stage.leave), ...timers]
  }

  #gate(node: Node): void {
    let left = this.#facts.space.all
    for (const { purpose, otherwise } of this.#stage(node.stage).needs) {
      const { may, must } = basisOf(this.#facts, purpose)
      const { to, operations } = this.#into(otherwise, node.news)
      const lacking = and(left, minus(this.#facts.space.all, must))
      this.#edge({ from: node, to, operations: [{ kind: 'only', where: lacking }, ...operations], needs: purpose })
      left = and(left, may)
    }
    const operations: readonly Operation[] = [{ kind: 'only', where: left }, ...this.#entering(node.stage)]
    this.#edge({ from: node, to: this.#arrived(node.stage, node.news), operations })
  }

  // What happens by itself.

  #tell(node: Node): void {
    const [first, ...news] = node.news
    if (!first) return
    const rules = this.#rulesAt(node.stage).filter(
      ({ rule: { trigger } }) =>
        trigger.kind === 'consent' && trigger.purpose === first.purpose && trigger.decision === first.decision,
    )
    this.#ask({
      from: node,
      ready: [],
      rules: rules.map((rule) => ({ rule })),
      news,
      clientActed: false,
      unanswered: this.#arrived(node.stage, news),
    })
  }

  #settle(node: Node): void {
    const { space } = this.#facts
    let left = space.all
    for (const { purpose, otherwise } of this.#stage(node.stage).needs) {
      const { may, must } = basisOf(this.#facts, purpose)
      const { to, operations } = this.#into(otherwise, [])
      const lacking: Operation = { kind: 'only', where: and(left, minus(space.all, must)) }
      this.#edge({ from: node, to, operations: [lacking, ...this.#leaving(node.stage), ...operations], needs: purpose })
      left = and(left, may)
    }
    const rules = this.#rulesAt(node.stage).filter(
      ({ rule, stage, goTo }) => rule.trigger.kind === 'when' && (stage !== undefined || goTo !== node.stage),
    )
    const asked = rules.map((rule): Asked => {
      const fired = rule.goTo === undefined ? space.indexOf(`fired:${rule.rule.id}`) : undefined
      return fired === undefined ? { rule } : { rule, also: space.where(fired, 1) }
    })
    const effective = asked.filter(({ rule, also }) => rule.goTo !== undefined || also !== undefined)
    this.#ask({
      from: node,
      ready: [{ kind: 'only', where: left }],
      rules: effective,
      news: [],
      clientActed: false,
      unanswered: this.node('rest', node.stage),
    })
    const ready: readonly Operation[] = [{ kind: 'only', where: left }]
    for (const [index, each] of asked.entries()) {
      if (effective.includes(each)) continue
      const before = asked.slice(0, index).filter((other) => effective.includes(other))
      this.#choices.push({ ready, candidates: this.#candidates([...before, each]) })
    }
  }

  /** `when` rules that have fired may fire again once their condition has become false. */
  #rearmed(): readonly Operation[] {
    const { space } = this.#facts
    return [...this.#program.rules.values()].flatMap(({ rule }) => {
      const variable = space.indexOf(`fired:${rule.id}`)
      if (variable === undefined) return []
      const { may, must } = overAll(this.#facts, rule.when)
      const inner: Operation = { kind: 'put', variable, values: 1 }
      return [{ kind: 'if', may: minus(space.all, must), must: minus(space.all, may), inner: [inner] } as const]
    })
  }

  // What happens outside.

  #rest(node: Node): void {
    if (this.#stage(node.stage).final) return
    this.#moves(node)
    this.#fills(node)
    this.#decisions(node)
    this.#expiries(node)
    this.#replies(node)
    this.#timers(node)
    this.#forms(node)
    this.#signals(node)
    this.#erasures(node)
  }

  /** Conditions of the moment may all have changed. */
  #moment(): readonly Operation[] {
    const { space } = this.#facts
    return space.variables.flatMap(({ key }, variable) =>
      key.startsWith('moment:') ? [{ kind: 'put', variable, values: 3 } as const] : [],
    )
  }

  #starts(node: Node): void {
    const { process, definition, first } = this.#program
    const lasting = orderedTimers(process.rules, this.#program).followed.flatMap((id) =>
      flagged(this.#facts, `pending:${id}`, 1),
    )
    const stage = this.#stage(first)
    const named = [...process.show, ...process.edit, ...stage.show, ...stage.edit]
      .filter((shown) => isForEditors(process, shown))
      .map(({ field }) => field)
    const movers = Object.keys(process.access).length === 0 || rolesWith(process, 'move').length > 0
    const names = movers ? [...new Set(named)] : givenByOthers(definition, process.name)
    const begin = (happening: Happening, { operations: given, news, refuses }: Alternative) => {
      const { to, operations } = this.#into(first, news)
      const all = [...this.#moment(), ...given, ...this.#defaults(), ...lasting, ...operations]
      this.#edge({ from: node, to, operations: all, happening, refuses })
    }
    begin({ kind: 'start' }, { operations: this.#filledIn(names, () => true), news: [], refuses: [] })
    for (const form of Object.values(definition.forms)) {
      if (form.starts !== process.name) continue
      for (const answers of this.#answers(form)) begin({ kind: 'start', form: form.name }, answers)
    }
  }

  /** Fields still missing get their defaults. */
  #defaults(): readonly Operation[] {
    const { space } = this.#facts
    return Object.values(this.#program.process.fields).flatMap((field) => {
      if (!field.default) return []
      const variable = space.indexOf(`field:${field.name}`)
      const held = space.indexOf(`held:${field.name}`)
      const reach = reachOf(this.#facts, field.name)
      const operations: Operation[] = []
      if (held !== undefined) operations.push({ kind: 'put', variable: held, values: 2 })
      if (variable !== undefined) {
        const missing = space.where(variable, 1)
        const set = plainOperations(this.#ground, '', [
          { kind: 'set', field: field.name, value: field.default, at: field.at },
        ]).filter(({ kind }) => kind !== 'look')
        operations.push({ kind: 'if', may: missing, must: missing, inner: set })
      }
      return operations.length === 0 ? [] : [{ kind: 'if', ...reach, inner: operations } as const]
    })
  }

  /** Any of the fields may be given any value, where it is in reach. */
  #filledIn(names: readonly string[], canBeFilled: (name: string) => boolean, byForm = false): readonly Operation[] {
    const { space, fields } = this.#facts
    const { process } = this.#program
    return names.filter(canBeFilled).flatMap((name): readonly Operation[] => {
      if (this.#mode.unreachable && isContact(own(process.fields, name))) return []
      const where = reachOf(this.#facts, name).may
      const operations: Operation[] = []
      const variable = space.indexOf(`field:${name}`)
      const classes = fields.get(name)
      if (variable !== undefined && classes) {
        operations.push({
          kind: 'may put',
          variable,
          values: byForm ? classes.filled : 2 ** classes.of.length - 1,
          where,
        })
      }
      const held = space.indexOf(`held:${name}`)
      if (held !== undefined)
        operations.push({ kind: 'may put', variable: held, values: 2, where }, ...heldOnlyFilled(this.#facts, name))
      return operations
    })
  }

  /** What a client may answer to a form: consents first, then values. */
  #answers(form: Form): readonly Alternative[] {
    if (this.#mode.unreachable && this.#asksForContact(form)) return []
    let ways: Alternative[] = [{ operations: [], news: [], refuses: [] }]
    for (const question of form.questions) {
      if (!('consent' in question.ask)) continue
      const purpose = question.ask.consent
      const isTold = (['given', 'refused'] as const).some((decision) => isWaitedFor(this.#facts, { purpose, decision }))
      ways = isTold
        ? ways.flatMap((way) => this.#answeredApart(way, purpose, question))
        : ways.map((way) => ({ ...way, operations: [...way.operations, ...this.#answered(purpose, question)] }))
    }
    const values = this.#formValues(form)
    return ways.map((way) => ({ ...way, operations: [...way.operations, ...values] }))
  }

  #asksForContact({ questions }: Form): boolean {
    return questions.some(({ ask, when, required }) => {
      if (!required || when || !('field' in ask) || consentsFor(this.#program, ask.field).length > 0) return false
      return isContact(own(this.#program.process.fields, ask.field))
    })
  }

  /** Yes, no or nothing to a question about a consent, each its own way: rules are told of it. */
  #answeredApart(way: Alternative, purpose: string, { when, required }: Question): readonly Alternative[] {
    const { space } = this.#facts
    const asked = overAll(this.#facts, when)
    const answered = (['given', 'refused'] as const).map((decision): Alternative => {
      const news = isWaitedFor(this.#facts, { purpose, decision }) ? [...way.news, { purpose, decision }] : way.news
      const only: readonly Operation[] = when ? [{ kind: 'only', where: asked.may }] : []
      return {
        operations: [...way.operations, ...only, ...decidedOperations(this.#ground, purpose, decision)],
        news,
        refuses: way.refuses,
      }
    })
    if (required && !when) return answered
    const not: Operation = { kind: 'only', where: minus(space.all, required ? asked.must : space.nothing) }
    return [...answered, { ...way, operations: [...way.operations, not] }]
  }

  /** The same in one way, where no rule is told. */
  #answered(purpose: string, { when, required }: Question): readonly Operation[] {
    const { space, consents } = this.#facts
    const variable = space.indexOf(`consent:${purpose}`)
    const statuses = consents.get(purpose)?.statuses
    if (variable === undefined || !statuses) return []
    const yes = 1 << statuses.findIndex((each) => each.includes('given'))
    const no = 1 << statuses.findIndex((each) => each.includes('refused'))
    const [, ...dropped] = decidedOperations(this.#ground, purpose, 'refused')
    const never = this.#mode.lasting?.has(purpose) ? saidNo(this.#facts, purpose, true) : space.nothing
    const inner: readonly Operation[] = [
      {
        kind: 'if',
        may: never,
        must: never,
        inner: [{ kind: 'put', variable, values: no }],
        otherwise: [{ kind: 'put', variable, values: yes | no }],
        chosen: true,
      },
      ...dropped,
    ]
    if (required && !when) return inner
    const { may, must } = overAll(this.#facts, when)
    return [{ kind: 'if', may, must: required ? must : space.nothing, inner, chosen: true }]
  }

  #formValues(form: Form): readonly Operation[] {
    return form.questions.flatMap(({ ask, when, required }): readonly Operation[] => {
      if (!('field' in ask)) return []
      const given = this.#filledIn([ask.field], () => true, true)
      const must = required && !when ? this.#mustBeFilled(ask.field) : []
      if (given.length === 0) return []
      return when ? [{ kind: 'if', ...overAll(this.#facts, when), inner: given, chosen: true }] : [...given, ...must]
    })
  }

  /** The fields that a form is not sent without, as one condition. */
  #answeredAlways(form: Form): Expression | undefined {
    const fields = form.questions.flatMap(({ ask, when, required }) =>
      required && !when && 'field' in ask && consentsFor(this.#program, ask.field).length === 0 ? [ask.field] : [],
    )
    return allFilled(fields)
  }

  #mustBeFilled(name: string): readonly Operation[] {
    const classes = this.#facts.fields.get(name)
    const filled = classes?.holdFor({ kind: 'filled', field: name })
    const variable = this.#facts.space.indexOf(`field:${name}`)
    if (filled === undefined || variable === undefined) return []
    const where = this.#facts.space.where(variable, filled)
    return [{ kind: 'only', where: or(where, minus(this.#facts.space.all, reachOf(this.#facts, name).may)) }]
  }

  #moves(node: Node): void {
    const { process } = this.#program
    const roles = Object.keys(process.access).length === 0 ? undefined : rolesWith(process, 'move')
    if (roles?.length === 0) return
    for (const target of Object.values(process.stages)) {
      if (target.name === node.stage || target.manualEntry === 'forbidden') continue
      const rules = this.#rulesAt(node.stage).filter(
        ({ rule: { trigger } }) => trigger.kind === 'move' && trigger.to === target.name,
      )
      const ready = [...this.#moment(), { kind: 'only', where: this.#mayLeaveFor(node.stage, target) } as const]
      const possible = allFilled(this.#stage(node.stage).require.map(({ field }) => field))
      if (rules.length === 0 && process.moves === 'free') this.#freeMove(node, target, { ready, possible }, roles?.[0])
      for (const { by, open } of byRole(rules, roles)) {
        const happening: Happening = { kind: 'move', to: target.name, ...(by !== undefined && { by }) }
        this.#ask({
          from: node,
          happening,
          ready,
          ...(possible && { possible }),
          rules: open.map((rule) => ({ rule })),
          news: [],
          clientActed: false,
        })
      }
    }
  }

  #freeMove(
    node: Node,
    target: Stage,
    { ready, possible }: { readonly ready: readonly Operation[]; readonly possible: Expression | undefined },
    by: string | undefined,
  ): void {
    const { to, operations } = this.#into(target.name, [])
    const happening: Happening = { kind: 'move', to: target.name, ...(by !== undefined && { by }) }
    const all = [...ready, ...this.#leaving(node.stage), ...operations]
    this.#edge({ from: node, to, operations: all, happening, conditions: [], ...(possible && { possible }) })
  }

  /** What must hold for any person to move a case on: what the stage requires is filled, what the next one needs is given. */
  #mayLeaveFor(stage: string, target: Stage): Bits {
    const required = this.#stage(stage).require.map(({ field }) => filledTruth(this.#facts, field, new Map()).may)
    const needed = target.needs.map(({ purpose }) => basisOf(this.#facts, purpose).may)
    return [...required, ...needed].reduce(and, this.#facts.space.all)
  }

  #fills(node: Node): void {
    const { process } = this.#program
    const stage = this.#stage(node.stage)
    const names = [...new Set([...process.edit, ...stage.edit].map(({ field }) => field))]
    const fills = this.#filledIn(names, (name) => isEditable(process, stage, name))
    if (fills.length === 0) return
    const operations = [...this.#moment(), ...fills]
    this.#edge({ from: node, to: this.node('settle', node.stage), operations, happening: { kind: 'fill' } })
  }

  #decisions(node: Node): void {
    const { space, consents, asked } = this.#facts
    const waited = [...this.#program.rules.values()].flatMap(({ rule: { trigger } }) =>
      trigger.kind === 'consent' ? [trigger.purpose] : [],
    )
    const silent =
      this.#mode.lasting || this.#mode.fresh ? [] : [...consents.keys()].filter((name) => this.#isSilent(node, name))
    this.#silentDecisions(node, silent)
    for (const purpose of new Set([...consents.keys(), ...waited])) {
      if (silent.includes(purpose)) continue
      for (const decision of ['given', 'refused', 'withdrawn'] as const) {
        if (decision !== 'refused' && !asked.has(purpose)) continue
        if (decision === 'given' && this.#mode.fresh?.has(purpose)) continue
        const variable = space.indexOf(`consent:${purpose}`)
        const before: Operation[] =
          decision === 'withdrawn' && variable !== undefined ? [{ kind: 'only', where: space.where(variable, 2) }] : []
        const moment = this.#mode.lasting ? [] : this.#moment()
        const operations = [...moment, ...before, ...decidedOperations(this.#ground, purpose, decision)]
        this.#edge({
          from: node,
          to: node.kind === 'before' ? node : this.#told(node.stage, { purpose, decision }),
          operations,
          happening: { kind: 'decision', purpose, decision },
          ...(decision !== 'given' && { refuses: [purpose] }),
        })
      }
    }
  }

  /** Whether a decision on a purpose sets nothing off at a node: nothing there looks at it, and no value hangs on it. */
  #isSilent(node: Node, purpose: string): boolean {
    const { program, fields, consents } = this.#facts
    if (consents.get(purpose)?.statuses.some((statuses) => statuses.includes('expired'))) return false
    const rests = (name: string) => own(program.process.fields, name)?.personal.includes(purpose) ?? false
    if (
      [...fields.keys()].some(rests) ||
      this.#facts.space.variables.some(({ key }) => key.startsWith('held:') && rests(key.slice(5)))
    ) {
      return false
    }
    if (node.kind === 'before') return true
    if (this.#stage(node.stage).needs.some((need) => need.purpose === purpose)) return false
    return this.#rulesAt(node.stage).every(({ rule: { trigger, when } }) => {
      if (trigger.kind === 'consent') return trigger.purpose !== purpose
      return trigger.kind !== 'when' || !when || !mentions(when, purpose)
    })
  }

  /** All such decisions in one step: they do not disturb each other. */
  #silentDecisions(node: Node, purposes: readonly string[]): void {
    const { space, consents, asked } = this.#facts
    const operations = purposes.flatMap((purpose): readonly Operation[] => {
      const variable = space.indexOf(`consent:${purpose}`)
      const statuses = consents.get(purpose)?.statuses ?? []
      if (variable === undefined) return []
      const values = statuses.reduce((bits, each, value) => {
        const may = each.includes('refused') || (asked.has(purpose) && !each.includes('none'))
        return may ? bits | (1 << value) : bits
      }, 0)
      return [{ kind: 'may put', variable, values }]
    })
    if (operations.length > 0) this.#edge({ from: node, to: node, operations, happening: { kind: 'decisions' } })
  }

  #expiries(node: Node): void {
    const { space, consents } = this.#facts
    for (const { purpose, statuses } of consents.values()) {
      const expired = statuses.findIndex((each) => each.includes('expired'))
      const variable = space.indexOf(`consent:${purpose}`)
      if (expired < 0 || variable === undefined) continue
      const operations: readonly Operation[] = [
        ...this.#moment(),
        { kind: 'only', where: space.where(variable, 2) },
        { kind: 'put', variable, values: 1 << expired },
      ]
      const to = node.kind === 'before' ? node : this.node('settle', node.stage)
      this.#edge({ from: node, to, operations, happening: { kind: 'expiry', purpose } })
    }
  }

  #told(stage: string, news: News): Node {
    return isWaitedFor(this.#facts, news) ? this.node('tell', stage, [news]) : this.node('settle', stage)
  }

  #replies(node: Node): void {
    const { space, awaited } = this.#facts
    if (this.#mode.unreachable) return
    const rules = this.#rulesAt(node.stage).filter(({ rule }) => rule.trigger.kind === 'reply')
    if (rules.length === 0) return
    const phrases = phrasesOf(rules)
    const known = new Set<string>()
    for (const letter of [...awaited, undefined]) {
      const sent = letter === undefined ? undefined : space.indexOf(`sent:${letter}`)
      if (letter !== undefined && sent === undefined) continue
      for (const saying of [...phrases, undefined]) {
        const answering = rules.filter(({ rule }) => answers(rule.trigger, letter, saying, rivalsOf(rules, rule.id)))
        const key = `${letter} ${answering.map(({ rule }) => rule.id).join(' ')}`
        if (answering.length === 0 || known.has(key)) continue
        known.add(key)
        const ready: Operation[] = [...this.#moment()]
        if (sent !== undefined) ready.push({ kind: 'only', where: space.where(sent, 2) })
        const happening: Happening = {
          kind: 'reply',
          ...(letter !== undefined && { letter }),
          ...(saying !== undefined && { saying }),
        }
        this.#ask({
          from: node,
          happening,
          ready,
          rules: answering.map((rule) => ({ rule })),
          news: [],
          clientActed: true,
          unanswered: this.node('settle', node.stage),
        })
      }
    }
  }

  #timers(node: Node): void {
    const { process } = this.#program
    const stage = this.#stage(node.stage)
    for (const [rules, lasting] of [
      [stage.rules, false],
      [process.rules, true],
    ] as const) {
      const order = orderedTimers(rules, lasting && this.#program)
      for (const { id } of rules) {
        const compiled = this.#program.rules.get(id)
        if (!compiled || order.overtaken(id)) continue
        const { trigger } = compiled.rule
        if (trigger.kind === 'at')
          this.#timer(node, compiled, this.#timeMayBeKnown(trigger.time), allFilled(strictFields(trigger.time)))
        if (trigger.kind === 'after') this.#timer(node, compiled, this.#due(id, order.earlier(id)))
      }
    }
  }

  #timer(node: Node, rule: CompiledRule, ready: readonly Operation[], possible?: Expression): void {
    const happening: Happening = { kind: 'timer', rule: rule.rule.id }
    const unanswered = this.node('settle', node.stage)
    const all = [...this.#moment(), ...ready]
    this.#ask({
      from: node,
      happening,
      ready: all,
      ...(possible && { possible }),
      rules: [{ rule }],
      news: [],
      clientActed: false,
      unanswered,
    })
  }

  #due(id: string, earlier: readonly string[]): readonly Operation[] {
    const { space } = this.#facts
    const pending = (key: string, values: number): Operation[] => {
      const variable = space.indexOf(`pending:${key}`)
      return variable === undefined ? [] : [{ kind: 'only', where: space.where(variable, values) }]
    }
    return [
      ...pending(id, 2),
      ...earlier.flatMap((key) => pending(key, 1)),
      ...flagged(this.#facts, `pending:${id}`, 0),
    ]
  }

  #timeMayBeKnown(time: Expression): readonly Operation[] {
    return strictFields(time).map((field) => ({
      kind: 'only',
      where: filledTruth(this.#facts, field, nothingAssumed).may,
    }))
  }

  #forms(node: Node): void {
    const { definition, process } = this.#program
    for (const form of Object.values(definition.forms)) {
      if (form.fills !== process.name) continue
      const rules = this.#rulesAt(node.stage).filter(
        ({ rule: { trigger } }) => trigger.kind === 'form' && trigger.form === form.name,
      )
      const possible = this.#answeredAlways(form)
      for (const { operations, news, refuses } of this.#answers(form)) {
        this.#ask({
          refuses,
          from: node,
          happening: { kind: 'form', form: form.name },
          ready: [...this.#moment(), ...operations],
          ...(possible && { possible }),
          rules: rules.map((rule) => ({ rule })),
          news,
          clientActed: true,
          unanswered: this.#arrived(node.stage, news),
        })
      }
    }
  }

  #signals(node: Node): void {
    const rules = this.#rulesAt(node.stage)
    const names = new Set(rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'signal' ? [trigger.signal] : [])))
    const ask = (happening: Happening, ready: readonly Operation[], answering: readonly CompiledRule[]) =>
      this.#ask({
        from: node,
        happening,
        ready: [...this.#moment(), ...ready],
        rules: answering.map((rule) => ({ rule })),
        news: [],
        clientActed: false,
        unanswered: this.node('settle', node.stage),
      })
    for (const signal of names) {
      const answering = rules.filter(({ rule: { trigger } }) => trigger.kind === 'signal' && trigger.signal === signal)
      ask({ kind: 'signal', signal }, [], answering)
    }
    const done = rules.filter(({ rule }) => rule.trigger.kind === 'cases done')
    const began = this.#facts.space.indexOf('began')
    if (done.length > 0 && began !== undefined) {
      ask({ kind: 'cases done' }, [{ kind: 'only', where: this.#facts.space.where(began, 2) }], done)
    }
  }

  #erasures(node: Node): void {
    const { space } = this.#facts
    for (const [key, fields] of this.#program.erasures) {
      const due = space.indexOf(`due:${key}`)
      if (due === undefined) continue
      const operations: readonly Operation[] = [
        ...this.#moment(),
        { kind: 'only', where: space.where(due, 2) },
        { kind: 'put', variable: due, values: 1 },
        ...fields.flatMap((field) => emptied(this.#facts, field)),
      ]
      this.#edge({ from: node, to: this.node('settle', node.stage), operations, happening: { kind: 'erasure', key } })
    }
  }

  // Rules in their order.

  /** Lets the rules answer in order, and leads on where none does. */
  #ask(asking: Asking): void {
    const { from, happening, ready, possible, rules, unanswered } = asking
    const candidates = this.#candidates(rules, possible)
    if (candidates.length > 0) this.#choices.push({ ...(happening && { happening }), ready, candidates })
    for (const [index, { rule }] of rules.entries()) {
      const fires = candidates[index]?.fires
      if (!fires || isEmpty(fires)) continue
      const conditions = rules.slice(0, index + 1).map(({ rule: earlier }) => earlier.rule.when)
      this.#answer(asking, rule, [...ready, { kind: 'only', where: fires }], conditions)
    }
    if (!unanswered) return
    const rest = this.#unanswered(rules, possible)
    if (isEmpty(rest)) return
    const rearmed = unanswered.kind === 'rest' ? this.#rearmed() : []
    const operations = [...ready, { kind: 'only', where: rest } as const, ...rearmed]
    const { refuses = [] } = asking
    const conditions = rules.map(({ rule }) => rule.rule.when)
    const told = { ...(happening && { happening }), ...(possible && { possible }) }
    this.#edge({ from, to: unanswered, operations, ...told, conditions, refuses })
  }

  #answer(
    asking: Asking,
    compiled: CompiledRule,
    ready: readonly Operation[],
    conditions: Edge['conditions'] & object,
  ): void {
    const { from, happening, possible, news, clientActed } = asking
    const { rule, goTo } = compiled
    const actions = goTo === undefined || rule.trigger.kind === 'move' ? rule.actions : rule.actions.slice(0, -1)
    const fired = goTo === undefined ? flagged(this.#facts, `fired:${rule.id}`, 1) : []
    for (const way of alternativesOf(this.#ground, rule.id, actions, clientActed)) {
      const target = goTo ?? way.going
      const told = [...news, ...way.news]
      const { to, operations } =
        target === undefined ? { to: this.#arrived(from.stage, told), operations: [] } : this.#into(target, told)
      const leaving = target === undefined ? [] : this.#leaving(from.stage)
      const all = [...ready, ...fired, ...way.operations, ...leaving, ...operations]
      const refuses = happening?.kind === 'reply' ? way.refuses : (asking.refuses ?? [])
      const known = { ...(happening && { happening }), ...(possible && { possible }) }
      this.#edge({ from, to, operations: all, ...known, rule: rule.id, conditions, refuses })
    }
  }

  #candidates(rules: readonly Asked[], possible?: Expression): readonly Candidate[] {
    const { space } = this.#facts
    const found = rules.map(() => ({ asked: space.nothing, holds: space.nothing, fires: space.nothing }))
    for (const assumed of assumptionsFor(this.#facts, [possible, ...rules.map(({ rule }) => rule.rule.when)])) {
      const there = truthOf(this.#facts, possible, assumed).may
      let left = there
      for (const [index, { rule, also }] of rules.entries()) {
        const truth = truthOf(this.#facts, rule.rule.when, assumed)
        const so = found[index]
        if (!so) continue
        so.asked = or(so.asked, left)
        so.holds = or(so.holds, and(there, truth.may))
        const fires = and(left, truth.may)
        so.fires = or(so.fires, also ? and(fires, also) : fires)
        left = minus(left, also ? and(truth.must, also) : truth.must)
      }
    }
    return rules.map(({ rule: { rule } }, index) => ({
      rule: rule.id,
      at: rule.at,
      ...(rule.when && { condition: rule.when }),
      ...(found[index] ?? { asked: space.nothing, holds: space.nothing, fires: space.nothing }),
    }))
  }

  #unanswered(rules: readonly Asked[], possible: Expression | undefined): Bits {
    const { space } = this.#facts
    let rest = space.nothing
    for (const assumed of assumptionsFor(this.#facts, [possible, ...rules.map(({ rule }) => rule.rule.when)])) {
      let left = truthOf(this.#facts, possible, assumed).may
      for (const { rule, also } of rules) {
        const { must } = truthOf(this.#facts, rule.rule.when, assumed)
        left = minus(left, also ? and(must, also) : must)
      }
      rest = or(rest, left)
    }
    return rest
  }

  #edge(edge: Edge): void {
    this.#edges.push(edge)
  }
}

/** The rules for a move, as people of each role meet them; those who meet the same are told once. */
function byRole(
  rules: readonly CompiledRule[],
  roles: readonly string[] | undefined,
): readonly { readonly by?: string; readonly open: readonly CompiledRule[] }[] {
  const named = rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'move' ? (trigger.by ?? []) : []))
  const people = roles ?? (named.length > 0 ? [...new Set(named)] : [undefined])
  const found = new Map<string, { by?: string; open: readonly CompiledRule[] }>()
  for (const by of people) {
    const open = rules.filter(({ rule: { trigger } }) => {
      if (trigger.kind !== 'move') return false
      return trigger.by === undefined || trigger.by.length === 0 || (by !== undefined && trigger.by.includes(by))
    })
    const key = open.map(({ rule }) => rule.id).join(' ')
    if (open.length > 0 && !found.has(key)) found.set(key, { ...(by !== undefined && { by }), open })
  }
  return [...found.values()]
}

/** Whether a field says how to reach the client. */
function isContact(field: Field | undefined): boolean {
  return field?.type.kind === 'client email' || field?.type.kind === 'client phone'
}

/** That fields have values, as one condition. */
function allFilled(fields: readonly string[]): Expression | undefined {
  return fields.reduce<Expression | undefined>((all, field) => {
    const filled: Expression = { kind: 'filled', field }
    return all ? { kind: 'and', left: all, right: filled } : filled
  }, undefined)
}

function mentions(condition: Expression, purpose: string): boolean {
  return condition.kind === 'consent'
    ? condition.purpose === purpose
    : partsOf(condition).some((part) => mentions(part, purpose))
}

type Trigger = CompiledRule['rule']['trigger']

/** The words that rules wait for, as written; those that count as the same once. */
function phrasesOf(rules: readonly CompiledRule[]): readonly string[] {
  const written = rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'reply' ? trigger.saying : []))
  return [...new Map(written.map((phrase) => [normalSaying(phrase), phrase])).values()]
}

function sayingOf(trigger: Trigger): readonly string[] {
  return trigger.kind === 'reply' ? trigger.saying.map(normalSaying) : []
}

function rivalsOf(rules: readonly CompiledRule[], own: string): readonly ReadonlySet<string>[] {
  return rules.filter(({ rule }) => rule.id !== own).map(({ rule }) => new Set(sayingOf(rule.trigger)))
}

function answers(
  trigger: Trigger,
  letter: string | undefined,
  saying: string | undefined,
  rivals: readonly ReadonlySet<string>[],
): boolean {
  if (trigger.kind !== 'reply') return false
  if (trigger.letter !== undefined && trigger.letter !== letter) return false
  if (trigger.saying.length === 0) return true
  return saying !== undefined && says([saying], new Set(sayingOf(trigger)), rivals)
}
