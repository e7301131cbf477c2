import { restsOnConsent } from '../reach.ts'
import type { ReadingCheck } from './check.ts'

export const z416: ReadingCheck = {
  code: 'Z416',
  severity: 'warning',
  title: 'consent asked of employees',
  rule: 'Who depends on their employer can hardly refuse, so their consent is seldom freely given and seldom valid. Employees do their work without handing over what needs one.',
  source: 'GDPR recital 43, Art. 7(4), 88',
  find: function* ({ purposes }) {
    for (const purpose of Object.values(purposes)) {
      if (purpose.about !== 'employees' || !restsOnConsent(purpose)) continue
      yield {
        at: purpose.at,
        message: `purpose \`${purpose.name}\` asks employees for consent, which they can hardly refuse`,
        hint: 'do without the data, or name the basis that the employer has: `contract` or `legal obligation`',
      }
    }
  },
  wrong: `purpose team_page "Show you on our page" {
  basis consent
  about employees
  text "We show your photo on the page about us. You can say no."
}`,
  right: `purpose payroll "Pay your wages" {
  basis legal obligation
  about employees
  text "We use your account number to pay you, and tell the tax office what you earned."
}`,
  wrongYaml: `purposes:
  team_page:
    title: Show you on our page
    basis: consent
    about: employees
    text: We show your photo on the page about us. You can say no.`,
  rightYaml: `purposes:
  payroll:
    title: Pay your wages
    basis: legal obligation
    about: employees
    text: We use your account number to pay you, and tell the tax office what you earned.`,
}
