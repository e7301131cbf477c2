import { createHash } from 'node:crypto'
import type { Definition, Keep, Purpose, Text } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import { inLanguage } from '../../engine/text.ts'
import { statementOfConsent } from './check.ts'
import { keptInWords } from './kept.ts'

/** Whatever a client is told of a purpose before they decide (GDPR Art. 13), in one language, word for word. */
export interface ConsentNotice {
  readonly purpose: string
  /** Of the purpose: raised where its meaning changes. Words that change within a version make another notice, and ask nobody again. */
  readonly version: number
  readonly language: string
  readonly title: string
  readonly text: string
  readonly basis: Purpose['basis']
  readonly necessary: boolean
  readonly controller?: {
    readonly name: string
    readonly address?: string
    readonly email?: string
    readonly phone?: string
    readonly officer?: string
  }
  readonly keep?: Keep
  /** `keep` in words. */
  readonly kept?: string
  readonly recipients: readonly string[]
  readonly data: readonly NoticedField[]
  readonly rights: string
  /** What is to be typed for an explicit consent. */
  readonly statement?: string
}

/** A field whose values are held for the purpose. */
export interface NoticedField {
  readonly process: string
  readonly field: string
  readonly title: string
  readonly type: string
  /** Of a special category (GDPR Art. 9). */
  readonly special: boolean
}

/** A notice with the hash that it is known by. */
export interface Noticed {
  readonly hash: string
  readonly notice: ConsentNotice
}

const rights: Text = {
  en: 'You can withdraw any consent at any time on your own pages, in two clicks. You may also ask to see, correct, move or erase your data, and complain to the data protection authority.',
  pl: 'Każdą zgodę możesz wycofać w dowolnej chwili na swoich stronach, dwoma kliknięciami. Możesz też zażądać wglądu w dane, ich poprawienia, przeniesienia lub usunięcia oraz złożyć skargę do organu nadzorczego.',
}

export function rightsInWords(language: string): string {
  return inLanguage(rights, language)
}

/** The languages that notices are made in; any other reader is shown the first. */
const languages = Object.keys(rights)

const made = new WeakMap<Definition, Map<string, Noticed | undefined>>()

/** What a client is told of a purpose now; undefined where the workspace has no such purpose. */
export function noticeOf(definition: Definition, purpose: string, language: string): Noticed | undefined {
  const known = made.get(definition) ?? new Map<string, Noticed | undefined>()
  made.set(definition, known)
  const shown = languages.includes(language) ? language : (languages[0] as string)
  const key = `${shown} ${purpose}`
  if (!known.has(key)) {
    const declared = own(definition.purposes, purpose)
    known.set(key, declared && hashed(compose(definition, declared, shown)))
  }
  return known.get(key)
}

function hashed(notice: ConsentNotice): Noticed {
  return { notice, hash: sha256(JSON.stringify(notice)) }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** One hash for several notices: what a form holds, to know whether the words are still those that were read. */
export function hashOfAll(notices: readonly Noticed[]): string {
  return sha256(notices.map(({ hash }) => hash).join(' '))
}

function compose(definition: Definition, purpose: Purpose, language: string): ConsentNotice {
  const { name, version, basis, necessary, keep, recipients } = purpose
  const controller = controllerOf(definition)
  return {
    purpose: name,
    version,
    language,
    title: inLanguage(purpose.title, language),
    text: inLanguage(purpose.text ?? {}, language),
    basis,
    necessary,
    ...(controller && { controller }),
    ...(keep && { keep, kept: keptInWords(keep, language) }),
    recipients,
    data: fieldsFor(definition, name, language),
    rights: rightsInWords(language),
    ...(basis === 'explicit consent' && { statement: inLanguage(statementOfConsent, language) }),
  }
}

function controllerOf({ company }: Definition): ConsentNotice['controller'] {
  if (!company) return undefined
  const { at: _, ...told } = company
  return told
}

/** Fields that are held for the purpose, and the address of letters that are sent for it. */
function fieldsFor({ processes, letters }: Definition, purpose: string, language: string): NoticedField[] {
  const written = Object.values(letters).some((letter) => letter.purpose === purpose)
  const fields = Object.values(processes).flatMap(({ name: process, fields }) =>
    Object.values(fields)
      .filter(({ personal }) => personal.includes(purpose))
      .map(({ name, title, type, special }) => ({
        process,
        field: name,
        title: inLanguage(title, language),
        type: type.kind,
        special,
      })),
  )
  if (!written) return fields
  const title = inLanguage(addressOfLetters, language)
  return [...fields, { process: 'card', field: 'email', title, type: 'email', special: false }]
}

const addressOfLetters: Text = { en: 'E-mail address', pl: 'Adres e-mail' }
