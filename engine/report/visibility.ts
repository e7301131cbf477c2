import type { CaseState } from '../case.ts'
import type { ConsentStatus, Field, Stage } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import { inLanguage } from '../text.ts'
import { type Viewer, type Visibility, visibleFields } from '../visibility.ts'
import { type Language, quoted, type Words, words } from './language.ts'
import { formsOf } from './uses.ts'

/** What one viewer may do with a field at a stage. `consents`: any one of these has to stand. */
export interface Sight {
  readonly sees: 'nothing' | 'sees' | 'edits'
  readonly consents: readonly string[]
  readonly consentTitles: readonly string[]
}

export interface FieldSight {
  readonly field: string
  readonly title: string
  readonly personal: boolean
  readonly special: boolean
  /** At each stage, in their order. */
  readonly stages: readonly Sight[]
}

/** Viewers who see the same, and what that is. */
export interface ViewerSight {
  readonly viewers: readonly { readonly name: string; readonly title: string }[]
  readonly fields: readonly FieldSight[]
}

export interface ProcessSight {
  readonly process: string
  readonly title: string
  readonly stages: readonly { readonly name: string; readonly title: string }[]
  readonly groups: readonly ViewerSight[]
  /** Fields that clients answer in a form, and so see in the portal as far as they have filled them in. */
  readonly ownAnswers: readonly string[]
}

const clientTitle: Words = words('The client', 'Klient')

/** Who sees what at which stage: asked of the engine itself, for cases made up for the question. */
export function sightOf(ground: Ground, language: Language): ProcessSight {
  const { definition, process } = ground
  const title = (field: Field) => inLanguage(field.title, language)
  const answers = formsOf(ground).flatMap(({ questions }) =>
    questions.flatMap(({ ask }) => ('field' in ask ? (own(process.fields, ask.field) ?? []) : [])),
  )
  const roles = Object.keys(process.access).map((name) => ({
    name,
    title: inLanguage(own(definition.roles, name)?.title ?? { en: name }, language),
    viewer: { kind: 'staff', roles: [name] } as const,
  }))
  const client = { name: 'client', title: clientTitle[language], viewer: { kind: 'client' } as const }
  return {
    process: process.name,
    title: inLanguage(process.title, language),
    stages: Object.values(process.stages).map(({ name, title }) => ({ name, title: inLanguage(title, language) })),
    groups: grouped(
      [...roles, client].map(({ viewer, ...who }) => ({
        viewers: [who],
        fields: Object.values(process.fields).map((field) => ({
          field: field.name,
          title: title(field),
          personal: field.personal.length > 0,
          special: field.special,
          stages: Object.values(process.stages).map((stage) => sightAt(ground, stage, field, viewer, language)),
        })),
      })),
    ),
    ownAnswers: [...new Set(answers)].map(title),
  }
}

function grouped(sights: readonly ViewerSight[]): readonly ViewerSight[] {
  const groups = new Map<string, ViewerSight>()
  for (const sight of sights) {
    const key = JSON.stringify(sight.fields)
    groups.set(key, { ...sight, viewers: [...(groups.get(key)?.viewers ?? []), ...sight.viewers] })
  }
  return [...groups.values()]
}

/** A field is within reach by one of its purposes, so each consent is tried by itself. */
function sightAt(ground: Ground, stage: Stage, field: Field, viewer: Viewer, language: Language): Sight {
  const look = (consents: CaseState['client']['consents']) =>
    visibleFields(ground, caseAt(stage, consents), viewer).get(field.name)
  const without = look({})
  if (without) return { sees: inWords(without), consents: [], consentTitles: [] }
  const ways = Object.values(ground.definition.purposes).flatMap((purpose) => {
    const seen = look({ [purpose.name]: 'given' satisfies ConsentStatus })
    return seen ? [{ purpose, seen }] : []
  })
  return {
    sees: ways[0] ? inWords(ways[0].seen) : 'nothing',
    consents: ways.map(({ purpose }) => purpose.name),
    consentTitles: ways.map(({ purpose }) => quoted(inLanguage(purpose.title, language), language)),
  }
}

function inWords(visibility: Visibility): Sight['sees'] {
  return visibility === 'edit' ? 'edits' : 'sees'
}

function caseAt(stage: Stage, consents: CaseState['client']['consents']): CaseState {
  return {
    id: '',
    number: '',
    createdAt: '',
    stage: stage.name,
    enteredAt: '',
    visited: [stage.name],
    ended: stage.final ? (stage.success ? 'success' : 'other') : 'no',
    values: {},
    timers: {},
    fired: [],
    seq: 0,
    client: { consents },
  }
}

/** The personal fields that anybody may see at a stage, special ones apart. */
export interface Seen {
  readonly special: readonly string[]
  readonly personal: readonly string[]
}

export function seenAt({ stages, groups }: ProcessSight, stage: string): Seen {
  const at = stages.findIndex(({ name }) => name === stage)
  const fields = groups.flatMap((group) =>
    group.fields.filter((field) => field.personal && field.stages[at]?.sees !== 'nothing'),
  )
  const titles = (special: boolean) => [
    ...new Set(fields.filter((field) => field.special === special).map(({ title }) => title)),
  ]
  return { special: titles(true), personal: titles(false) }
}
