import type { CaseState, Value, Values } from '../../engine/case.ts'
import type { Definition, Field, Process } from '../../engine/definition.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import { inLanguage } from '../../engine/text.ts'

/** Fixed, so that a preview is the same each time. */
const day = '2030-05-27'
const moment = `${day}T10:00:00.000Z`

const someone = {
  en: { name: 'Anna Example', colleague: 'Jan Example' },
  pl: { name: 'Anna Przykładowa', colleague: 'Jan Przykładowy' },
} as const

/** A case that is nobody's, with something in every field and every consent given, to show templates with. */
export function sampleCase({ purposes }: Definition, process: Process, language: string): CaseState {
  const people = language === 'pl' ? someone.pl : someone.en
  const consents = Object.values(purposes).filter(restsOnConsent)
  const values: Values = Object.fromEntries(
    Object.values(process.fields).map((field) => [field.name, sampleValue(field, language, people.colleague)]),
  )
  return {
    id: '00000000-0000-4000-8000-000000000000',
    number: '1024',
    createdAt: moment,
    stage: Object.keys(process.stages)[0] ?? '',
    enteredAt: moment,
    visited: [],
    ended: 'no',
    values,
    timers: {},
    fired: [],
    seq: 1,
    client: {
      name: people.name,
      email: 'anna@client.example',
      phone: '+48 600 000 000',
      consents: Object.fromEntries(consents.map(({ name }) => [name, 'given'])),
    },
  }
}

/** Of words, the field's own title says best where they will stand. */
function sampleValue({ type, title }: Field, language: string, colleague: string): Value {
  switch (type.kind) {
    case 'choice':
      return type.options[0] ?? ''
    case 'many':
      return type.options.slice(0, 2)
    case 'number':
      return 3
    case 'money':
      return '120.00'
    case 'date':
      return day
    case 'date and time':
      return moment
    case 'yes/no':
      return true
    case 'email':
    case 'client email':
      return 'anna@client.example'
    case 'phone':
    case 'client phone':
      return '+48 600 000 000'
    case 'link':
      return 'https://www.example/page'
    case 'person':
      return colleague
    default:
      return `[${inLanguage(title, language)}]`
  }
}
