import type { Action, Definition, Process, Rule, Stage } from '../definition.ts'
import { own } from '../named.ts'
import { inLanguage } from '../text.ts'
import { alternatives, conditionInPlainWords, ruleInPlainWords, type Titles, titlesOf } from './plain-words.ts'

/** What moves a case: a person's button, the client's own act, time or a condition, or a consent that is not there. */
export type Mover = 'person' | 'client' | 'itself' | 'lack'

/** A process as a picture: stages and the ways between them, in words for people. Every notation draws this one. */
export interface Diagram {
  readonly name: string
  readonly title: string
  /** English where absent. */
  readonly language?: string
  readonly stages: readonly DiagramStage[]
  /** What holds at every stage that is not final, where anything does. */
  readonly anywhere?: Anywhere
  readonly ways: readonly DiagramWay[]
}

export interface DiagramStage {
  readonly name: string
  readonly title: string
  readonly first: boolean
  readonly end?: 'success' | 'other'
  /** No person may move a case in. */
  readonly guarded: boolean
  /** What to know of it beside the ways: consents it needs or records, fields it requires. */
  readonly notes: readonly string[]
  /** Which data may be seen there, where the picture tells of data. */
  readonly data?: 'special' | 'personal' | 'none'
}

export interface Anywhere {
  readonly title: string
  readonly notes: readonly string[]
}

/** All that one mover does between the same two stages. Without `from` it starts at any stage that is not final. */
export interface DiagramWay {
  readonly from?: string
  readonly to: string
  readonly by: Mover
  readonly words: readonly string[]
}

/** The picture of one process. Throws where the definition has no such process. */
export function diagramOf(definition: Definition, name: string, language = 'en'): Diagram {
  const process = own(definition.processes, name)
  if (!process) throw new Error(`the workspace has no process \`${name}\``)
  const titles = titlesOf(definition, process, language)
  const stages = Object.values(process.stages)
  const anywhere = anywhereIn(process, titles)
  return {
    name,
    title: shown(inLanguage(process.title, language)),
    ...(language !== 'en' && { language }),
    stages: stages.map((stage, index) => stageOf(stage, index === 0, titles)),
    ...(anywhere && { anywhere }),
    ways: grouped([
      ...stages.flatMap((stage) => waysOf(stage, titles)),
      ...process.rules.flatMap((rule) => wayOf(undefined, rule, titles)),
    ]),
  }
}

function stageOf(stage: Stage, first: boolean, titles: Titles): DiagramStage {
  const guarded = stage.manualEntry === 'forbidden'
  const required = stage.require.map(({ field }) => titles.field(field))
  const notes = [
    ...(guarded ? [titles.phrases.guarded] : []),
    ...stage.needs.map(({ purpose }) => titles.phrases.needs(purpose)),
    ...(required.length > 0 ? [`${titles.phrases.required}: ${required.join(', ')}`] : []),
    ...(stage.final ? [] : stage.rules.flatMap((rule) => consentsRecorded(rule, titles))),
  ]
  return {
    name: stage.name,
    title: shown(inLanguage(stage.title, titles.language)),
    first,
    ...(stage.final && { end: stage.success ? ('success' as const) : ('other' as const) }),
    guarded,
    notes: notes.map(shown),
  }
}

/** How a consent comes about: the picture of a process is looked at for this, though such a rule may move nothing itself. */
function consentsRecorded(rule: Rule, titles: Titles): string[] {
  const recorded = consentsIn(rule, titles)
  return recorded.length === 0 || targetOf(rule) ? [] : [`${ruleInPlainWords(rule, titles)}: ${recorded.join(', ')}`]
}

function consentsIn({ actions }: Rule, { phrases }: Titles): string[] {
  return actions
    .filter((action): action is Extract<Action, { kind: 'record consent' }> => action.kind === 'record consent')
    .map(({ purpose, decision }) => phrases.recorded(purpose, decision))
}

/** Rules of the process are drawn once, from a box that stands for every stage. */
function anywhereIn(process: Process, titles: Titles): Anywhere | undefined {
  const notes = [
    ...process.rules.flatMap((rule) => consentsRecorded(rule, titles)),
    ...(process.moves === 'free' ? [freeMoves(process, titles)] : []),
  ]
  const goes = process.rules.some((rule) => targetOf(rule) !== undefined)
  if (notes.length === 0 && !goes) return undefined
  return { title: titles.phrases.anywhere, notes: notes.map(shown) }
}

function freeMoves(process: Process, titles: Titles): string {
  const guarded = Object.values(process.stages).filter((stage) => stage.manualEntry === 'forbidden')
  const names = guarded.map((stage) => shown(inLanguage(stage.title, titles.language)))
  return titles.phrases.free(titles.movers(), alternatives(names, titles.phrases.or))
}

function waysOf(stage: Stage, titles: Titles): DiagramWay[] {
  return [
    ...(stage.final ? [] : stage.rules.flatMap((rule) => wayOf(stage.name, rule, titles))),
    ...stage.needs.map(
      ({ purpose, otherwise }): DiagramWay => ({
        from: stage.name,
        to: otherwise,
        by: 'lack',
        words: [titles.phrases.lacks(purpose)],
      }),
    ),
  ]
}

function wayOf(from: string | undefined, rule: Rule, titles: Titles): DiagramWay[] {
  const target = targetOf(rule)
  if (!target) return []
  const condition = target.when ? [`${titles.phrases.if} ${conditionInPlainWords(target.when, titles)}`] : []
  const words = [ruleInPlainWords(rule, titles), ...condition].join(', ')
  const recorded = consentsIn(rule, titles)
  const all = recorded.length > 0 ? `${words}: ${recorded.join(', ')}` : words
  return [{ ...(from !== undefined && { from }), to: target.stage, by: moverOf(rule), words: [shown(all)] }]
}

/** Where a rule leads a case, and the condition of its own that a `go to` may have. */
function targetOf({ trigger, actions }: Rule): { stage: string; when?: Action['when'] } | undefined {
  if (trigger.kind === 'move') return { stage: trigger.to }
  const last = actions.at(-1)
  return last?.kind === 'go to' ? { stage: last.stage, when: last.when } : undefined
}

function moverOf({ trigger }: Rule): Mover {
  switch (trigger.kind) {
    case 'move':
      return 'person'
    case 'reply':
    case 'form':
    case 'consent':
      return 'client'
    default:
      return 'itself'
  }
}

function grouped(ways: readonly DiagramWay[]): DiagramWay[] {
  const groups = new Map<string, DiagramWay>()
  for (const way of ways) {
    const key = `${way.from ?? ''} ${way.to} ${way.by}`
    const before = groups.get(key)
    const words = before ? [...new Set([...before.words, ...way.words])] : way.words
    groups.set(key, { ...way, words })
  }
  return [...groups.values()]
}

/** One line without control characters: no title may break the notation it is drawn in, or hide in it. */
function shown(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{fffd}')
    .trim()
}
