import type { Basis, Definition } from '../definition.ts'
import { own } from '../named.ts'
import type { Finding, ReadingCheck } from './check.ts'
import { listed } from './listed.ts'
import { asksConsent, type Recorded, recordedConsents } from './recorded-consent.ts'

/** What lets special categories of data be used at all (GDPR Art. 9(2)(a), (b), (c), (g) to (j)). */
const grounds: readonly Basis[] = ['explicit consent', 'vital interests', 'legal obligation', 'public task']

export const z406: ReadingCheck = {
  code: 'Z406',
  severity: 'error',
  title: "special data without a ground for them, or whose consent is not the client's own statement",
  rule: "Health, beliefs, origin and the like are used only on an explicit consent or another ground of Art. 9, for each of their purposes. Explicit means the client's own statement: agreed words in a reply, or the question for that consent in a form.",
  source: 'GDPR Art. 9(1), 9(2)(a)',
  find: function* (definition) {
    yield* groundless(definition)
    yield* understated(definition)
  },
  wrong: `company "Physio Point" { email "privacy@physio.example" }
role therapist "Therapist"
purpose treatment "Treat you" {
  basis contract
  text "We keep notes on your health to treat you. Only your therapist reads them."
  keep 6 months after end
}
process visit "Visit" {
  access therapist: see, move, edit
  field notes "Notes" long text personal for treatment, special
  stage treating "In treatment" {
    edit notes
    move to treated
  }
  final stage treated "Treated"
}`,
  right: `company "Physio Point" { email "privacy@physio.example" }
role therapist "Therapist"
purpose treatment "Treat you" {
  basis explicit consent
  text "We keep notes on your health to treat you. Only your therapist reads them."
  keep 6 months after end
}
form first_visit "First visit" {
  starts visit
  ask consent to treatment required
}
process visit "Visit" {
  show in portal
  access therapist: see, move, edit
  field notes "Notes" long text personal for treatment, special
  stage treating "In treatment" {
    edit notes
    move to treated
  }
  final stage treated "Treated"
}`,
  wrongYaml: `company:
  name: Physio Point
  email: privacy@physio.example

roles:
  therapist: { title: Therapist }

purposes:
  treatment:
    title: Treat you
    basis: contract
    text: We keep notes on your health to treat you. Only your therapist reads them.
    keep: 6 months after end

processes:
  visit:
    title: Visit
    access: { therapist: [see, move, edit] }
    fields:
      notes: { title: Notes, type: long text, personal: [treatment], special: true }
    stages:
      treating:
        title: In treatment
        edit: [notes]
        moves:
          - to: treated
      treated:
        title: Treated
        final: true`,
  rightYaml: `company:
  name: Physio Point
  email: privacy@physio.example

roles:
  therapist: { title: Therapist }

purposes:
  treatment:
    title: Treat you
    basis: explicit consent
    text: We keep notes on your health to treat you. Only your therapist reads them.
    keep: 6 months after end

forms:
  first_visit:
    title: First visit
    starts: visit
    ask:
      - { consent: treatment, required: true }

processes:
  visit:
    title: Visit
    portal: true
    access: { therapist: [see, move, edit] }
    fields:
      notes: { title: Notes, type: long text, personal: [treatment], special: true }
    stages:
      treating:
        title: In treatment
        edit: [notes]
        moves:
          - to: treated
      treated:
        title: Treated
        final: true`,
}

function* groundless({ processes, purposes }: Definition): Iterable<Finding> {
  for (const process of Object.values(processes)) {
    for (const field of Object.values(process.fields)) {
      if (!field.special) continue
      const weak = field.personal.filter((name) => {
        const basis = own(purposes, name)?.basis
        return basis !== undefined && !grounds.includes(basis)
      })
      if (weak.length === 0) continue
      const bases = new Set(weak.flatMap((name) => own(purposes, name)?.basis ?? []))
      yield {
        at: field.at,
        process: process.name,
        message: `\`${field.name}\` is special data, and ${listed(weak)} ${weak.length > 1 ? 'rest' : 'rests'} on ${[...bases].join(' and ')}, which is no ground for them`,
        hint: {
          text: 'write `basis explicit consent` in the purpose, or hold the field for a purpose that has it',
          yaml: 'write `basis: explicit consent` in the purpose, or hold the field for a purpose that has it',
        },
      }
    }
  }
}

function* understated(definition: Definition): Iterable<Finding> {
  const special = new Set(
    Object.values(definition.processes).flatMap((process) =>
      Object.values(process.fields).flatMap((field) => (field.special ? field.personal : [])),
    ),
  )
  for (const recorded of recordedConsents(definition)) {
    const { action, process } = recorded
    const { purpose } = action
    const explicit = own(definition.purposes, purpose)?.basis === 'explicit consent'
    if (!explicit || !special.has(purpose) || action.decision !== 'given' || isStatement(recorded)) continue
    yield {
      at: action.at,
      process: process.name,
      message: `consent to \`${purpose}\` brings special data into use, and less than the client's own statement records it`,
      hint: {
        text: `record it under \`on reply from client saying "…"\`, or \`ask consent to ${purpose}\` in a form`,
        yaml: `record it in a \`reply\` with \`saying\`, or \`ask: [{ consent: ${purpose} }]\` in a form`,
      },
    }
  }
}

/** Whether the client has written the words, or answered the question for this very consent. */
function isStatement({ occasion, action, form }: Recorded): boolean {
  if (occasion.kind === 'reply') return occasion.saying.length > 0
  return occasion.kind === 'form' && asksConsent(form, action.purpose)
}
