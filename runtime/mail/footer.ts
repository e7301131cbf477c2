import type { Company, Definition } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import { inLanguage } from '../../engine/text.ts'

/** What stands below a letter to a client: who writes, why, and the ways out (GDPR Art. 7(3), 13(1)). */
export interface FooterInput {
  readonly language: string
  readonly company?: Omit<Company, 'at'>
  /** Why the letter comes; nothing in letters to staff. */
  readonly why?: Why
  /** The client's portal link, signed; none in letters to staff. */
  readonly portalUrl?: string
  /** The link that withdraws the consent the letter rests on. */
  readonly unsubscribeUrl?: string
}

/** The consent or other purpose that a letter is for, else the case it belongs to. Titles in the letter's language. */
export type Why = { readonly consent: string } | { readonly purpose: string } | { readonly case: string }

/** A line of plain words, or a link with its words. */
export type FooterLine = string | { readonly title: string; readonly url: string }

const words = {
  en: {
    consent: 'You get this letter because you agreed to',
    purpose: 'This letter is about',
    case: 'This letter belongs to your case',
    stop: 'Stop these letters: withdraw your consent',
    portal: 'Your data and consents',
    officer: 'Data protection officer',
  },
  pl: {
    consent: 'Ten list wysyłamy na podstawie Twojej zgody',
    purpose: 'Ten list dotyczy',
    case: 'Ten list dotyczy Twojej sprawy',
    stop: 'Nie chcę takich listów: wycofuję zgodę',
    portal: 'Twoje dane i zgody',
    officer: 'Inspektor ochrony danych',
  },
} as const

/** Why a letter comes to the client of a case. */
export function whyOf(definition: Definition, letter: string, number: string, language: string): Why {
  const purpose = own(definition.purposes, own(definition.letters, letter)?.purpose ?? '')
  if (!purpose) return { case: number }
  const title = inLanguage(purpose.title, language)
  return restsOnConsent(purpose) ? { consent: title } : { purpose: title }
}

export function footerLines({ language, company, why, portalUrl, unsubscribeUrl }: FooterInput): FooterLine[] {
  const said = language === 'pl' ? words.pl : words.en
  const lines: FooterLine[] = []
  if (company) {
    const { name, address, email, phone, officer } = company
    lines.push([name, address, email, phone].filter(Boolean).join(', '))
    if (officer) lines.push(`${said.officer}: ${officer}`)
  }
  if (why) lines.push(reasonIn(why, said))
  if (unsubscribeUrl) lines.push({ title: said.stop, url: unsubscribeUrl })
  if (portalUrl) lines.push({ title: said.portal, url: portalUrl })
  return lines
}

function reasonIn(why: Why, said: (typeof words)['en' | 'pl']): string {
  if ('consent' in why) return `${said.consent}: ${why.consent}.`
  return 'purpose' in why ? `${said.purpose}: ${why.purpose}.` : `${said.case} ${why.case}.`
}
