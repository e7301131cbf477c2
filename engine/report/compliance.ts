import type { Check, Finding } from '../checks/check.ts'
import type { Definition, Place } from '../definition.ts'
import type { Ground } from '../ground.ts'
import type { Scenario } from '../simulate/scenario.ts'
import { citedIn, type Language } from './language.ts'
import { proofs } from './proofs.ts'
import { type Requirement, requirements } from './requirements.ts'
import { formsOf, grounds, purposesOf } from './uses.ts'

/** Something that a check found. */
export type Found = Finding & { readonly check: Pick<Check, 'code' | 'severity'> }

/** A scenario that was run: it passed, or this is why not. */
export interface Outcome {
  readonly scenario: Scenario
  readonly failure?: {
    readonly because: string
    /** The step that failed. */
    readonly at: Place
    /** What happened up to there, in words. */
    readonly story: readonly string[]
  }
}

/** What is known of a workspace when its report is made. */
export interface Evidence {
  /** Codes of the checks that ran. */
  readonly ran: readonly string[]
  readonly found: readonly Found[]
  /** Checks that could not follow all there is of a process, and so prove nothing by silence. */
  readonly unsure?: (process: string) => readonly string[]
  readonly outcomes: readonly Outcome[]
}

/** What a cell says first. `open`: nothing shows it yet. */
export type Status = 'broken' | 'proved' | 'enforced' | 'tested' | 'open' | 'not concerned'

export type Reason =
  | {
      readonly kind: 'broken'
      /** Of the check; absent where a scenario fails. */
      readonly code?: string
      readonly severity: 'error' | 'warning'
      readonly says: string
      readonly hint?: string
      readonly at: Place
      /** The steps of a case that show it. */
      readonly path: readonly string[]
    }
  | { readonly kind: 'proved'; readonly code: string; readonly says: string }
  | { readonly kind: 'enforced'; readonly part: string; readonly says: string }
  | { readonly kind: 'tested'; readonly says: string; readonly at: Place }
  | { readonly kind: 'not concerned'; readonly says: string }

export interface Cell {
  readonly process: string
  readonly status: Status
  readonly reasons: readonly Reason[]
}

export interface Row {
  readonly row: string
  readonly title: string
  readonly law: string
  readonly asks: string
  readonly cells: readonly Cell[]
}

export interface Compliance {
  readonly rows: readonly Row[]
  /** What was found that belongs to no requirement: a stage nobody reaches, for one. */
  readonly other: readonly Extract<Reason, { kind: 'broken' }>[]
  readonly counts: Readonly<Record<Status, number>>
}

/** Requirement × process, each with what shows that it is kept, or is not. */
export function complianceOf(definition: Definition, evidence: Evidence, language: Language): Compliance {
  const all = grounds(definition)
  const rows = requirements.map((requirement) => ({
    row: requirement.row,
    title: requirement.title[language],
    law: citedIn(requirement.law, language),
    asks: requirement.asks[language],
    cells: all.map((ground) => cellOf(requirement, ground, evidence, language)),
  }))
  const told = new Set(requirements.flatMap(({ proofs }) => proofs))
  const counts = { broken: 0, proved: 0, enforced: 0, tested: 0, open: 0, 'not concerned': 0 }
  for (const { cells } of rows) for (const { status } of cells) counts[status] += 1
  return { rows, other: evidence.found.filter(({ check }) => !told.has(check.code)).map(brokenBy), counts }
}

function cellOf(requirement: Requirement, ground: Ground, evidence: Evidence, language: Language): Cell {
  const process = ground.process.name
  const broken = evidence.found
    .filter((found) => requirement.proofs.includes(found.check.code) && isAbout(found, ground))
    .map(brokenBy)
  const concern = requirement.concern(ground)
  if (concern && broken.length === 0) {
    return { process, status: 'not concerned', reasons: [{ kind: 'not concerned', says: concern[language] }] }
  }
  const reasons: readonly Reason[] = [
    ...broken,
    ...failed(requirement, ground, evidence),
    ...proved(requirement, ground, evidence, language),
    ...enforced(requirement, ground, language),
    ...tested(requirement, ground, evidence),
  ]
  return { process, status: reasons[0]?.kind ?? 'open', reasons }
}

/** Whether a finding is about a process: it says so, or stands at a purpose or form of it, or at nothing of any process. */
function isAbout(found: Found, ground: Ground): boolean {
  if (found.process !== undefined) return found.process === ground.process.name
  const { definition } = ground
  const isHere = ({ at }: { readonly at: Place }) => at.file === found.at.file && at.line === found.at.line
  const purpose = Object.values(definition.purposes).find(isHere)
  if (purpose) return purposesOf(ground).includes(purpose)
  const form = Object.values(definition.forms).find((each) => isHere(each) || each.questions.some(isHere))
  return form ? formsOf(ground).includes(form) : true
}

function brokenBy({ check, at, message, hint, path }: Found): Extract<Reason, { kind: 'broken' }> {
  const notation = at.file.endsWith('.zgoda') ? 'text' : 'yaml'
  const inNotation = (words: Found['message']) => (typeof words === 'string' ? words : words[notation])
  return {
    kind: 'broken',
    code: check.code,
    severity: check.severity,
    says: inNotation(message),
    ...(hint !== undefined && { hint: inNotation(hint) }),
    at,
    path: path ?? [],
  }
}

const scenariosOf = (requirement: Requirement, ground: Ground, { outcomes }: Evidence): readonly Outcome[] =>
  outcomes.filter(({ scenario }) => scenario.process === ground.process.name && requirement.shows?.(scenario, ground))

function failed(requirement: Requirement, ground: Ground, evidence: Evidence): readonly Reason[] {
  return scenariosOf(requirement, ground, evidence).flatMap(({ scenario, failure }): Reason[] => {
    if (!failure) return []
    const { because, at, story } = failure
    return [{ kind: 'broken', severity: 'error', says: `${scenario.name}: ${because}`, at, path: story }]
  })
}

function proved(requirement: Requirement, ground: Ground, evidence: Evidence, language: Language): readonly Reason[] {
  const unsure = evidence.unsure?.(ground.process.name) ?? []
  return requirement.proofs
    .filter((code) => evidence.ran.includes(code) && !unsure.includes(code))
    .filter((code) => !evidence.found.some((found) => found.check.code === code && isAbout(found, ground)))
    .map((code) => ({ kind: 'proved', code, says: proofs[code]?.[language] ?? '' }))
}

function enforced({ enforced }: Requirement, ground: Ground, language: Language): readonly Reason[] {
  return enforced.flatMap(({ part, says }): Reason[] => {
    const sentence = says(ground, language)
    return sentence === undefined ? [] : [{ kind: 'enforced', part, says: sentence }]
  })
}

function tested(requirement: Requirement, ground: Ground, evidence: Evidence): readonly Reason[] {
  return scenariosOf(requirement, ground, evidence).flatMap(({ scenario, failure }): Reason[] =>
    failure === undefined ? [{ kind: 'tested', says: scenario.name, at: scenario.at }] : [],
  )
}
