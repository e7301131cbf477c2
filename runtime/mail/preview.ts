import type { Action, Definition, Process } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import { type Composed, compose } from './compose.ts'
import { type Why, whyOf } from './footer.ts'
import { type Rendered, render } from './render.ts'
import { sampleCase } from './sample.ts'

/** A letter as it would be, of a case that is nobody's. */
export interface Preview extends Rendered {
  readonly process: string
  readonly to: 'client' | 'someone else'
  readonly words: Composed
  /** The link that its header would name, where it rests on a consent. */
  readonly unsubscribeUrl?: string
  readonly language: string
}

export interface PreviewWish {
  /** The first process that sends it where absent. */
  readonly process?: string
  readonly language: string
  /** The server's address, for the links. */
  readonly url: string
}

/** The processes that send a letter; all of them for one that nothing sends. */
export function processesOf({ processes }: Definition, letter: string): readonly string[] {
  const sending = Object.values(processes).filter((process) => sendingsOf(process, letter).length > 0)
  return (sending.length > 0 ? sending : Object.values(processes)).map(({ name }) => name)
}

/**
 * Fills a letter in with sample values, every consent given and every document attached that some rule attaches. Throws
 * `TemplateError` where its template can't be filled in; nothing where there is no such letter or process.
 */
export function previewLetter(definition: Definition, letter: string, wish: PreviewWish): Preview | undefined {
  const template = own(definition.letters, letter)
  const process = own(definition.processes, wish.process ?? processesOf(definition, letter)[0] ?? '')
  if (!template || !process) return undefined
  const { language, url } = wish
  const sendings = sendingsOf(process, letter)
  const documents = [...new Set(sendings.flatMap(({ attach }) => attach))]
  const state = sampleCase(definition, process, language)
  const words = compose(definition, letter, { process, state, language, documents })
  const toClient = sendings.length === 0 || sendings.some(({ to }) => isClient(to, process))
  const purpose = own(definition.purposes, template.purpose ?? '')
  const unsubscribeUrl =
    toClient && purpose && restsOnConsent(purpose) ? `${url}/portal/u/link-of-the-client` : undefined
  const why: Why | undefined = toClient ? whyOf(definition, letter, state.number, language) : undefined
  const rendered = render(words.markdown, {
    language,
    subject: words.subject,
    ...(definition.company ? { company: definition.company } : {}),
    ...(why ? { why, portalUrl: `${url}/portal/l/link-of-the-client` } : {}),
    ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
  })
  return {
    ...rendered,
    process: process.name,
    to: toClient ? 'client' : 'someone else',
    words,
    language,
    ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
  }
}

type Sending = Extract<Action, { kind: 'send' }>

function isClient(to: Sending['to'], { fields }: Process): boolean {
  return to.kind === 'client' || (to.kind === 'field' && fields[to.field]?.type.kind === 'client email')
}

function sendingsOf({ rules, stages }: Process, letter: string): readonly Sending[] {
  const actions = [
    ...rules.flatMap((rule) => rule.actions),
    ...Object.values(stages).flatMap(({ enter, leave, rules }) => [
      ...enter,
      ...leave,
      ...rules.flatMap((rule) => rule.actions),
    ]),
  ]
  return actions.filter((action): action is Sending & Action => action.kind === 'send' && action.letter === letter)
}
