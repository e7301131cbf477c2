import type { Definition, Place } from '../../engine/index.ts'
import {
  act,
  at,
  consentIs,
  field,
  fieldOf,
  goTo,
  letterOf,
  named,
  processOf,
  purposeOf,
  rule,
  shown,
  stageOf,
  workspaceOf,
} from './declarations.ts'

const line = (number: number): Place => at(number, 'clinic.zgoda')

export const consentWords = 'I consent to the processing of my health data'

const booked = stageOf('booked', {
  title: { en: 'Waiting for written consent' },
  show: shown('mail'),
  edit: shown('visit'),
  enter: [act({ kind: 'send', letter: 'consent', to: { kind: 'client' }, attach: [] })],
  rules: [
    rule(
      'booked.reply.1',
      { kind: 'reply', letter: 'consent', saying: [consentWords] },
      [act({ kind: 'record consent', purpose: 'treatment', decision: 'given' }), goTo('in_treatment')],
      { at: line(70) },
    ),
    rule('booked.reply.2', { kind: 'reply', saying: [] }, [
      act({
        kind: 'notify',
        to: { kind: 'role', role: 'reception' },
        text: { en: 'A client has replied with a question' },
      }),
    ]),
    rule('booked.after.1', { kind: 'after', delay: { amount: 10, unit: 'day', working: true } }, [goTo('closed')]),
    rule('booked.move.1', { kind: 'move', to: 'closed' }, [], { at: line(76) }),
  ],
  at: line(66),
})

const inTreatment = stageOf('in_treatment', {
  title: { en: 'In treatment' },
  manualEntry: 'forbidden',
  needs: [{ purpose: 'treatment', otherwise: 'stopped', at: line(81) }],
  edit: [...shown('visit'), { field: 'notes', to: ['therapist'], at: line(83) }],
  rules: [
    rule(
      'in_treatment.at.1',
      {
        kind: 'at',
        time: {
          kind: 'arithmetic',
          operator: '-',
          left: field('visit', 'date'),
          right: { kind: 'duration', value: { amount: 1, unit: 'day', working: false } },
          type: 'date',
        },
      },
      [act({ kind: 'send', letter: 'reminder', to: { kind: 'client' }, attach: [] })],
      { when: consentIs('reminders'), at: line(84) },
    ),
    rule('in_treatment.move.1', { kind: 'move', to: 'treated', by: ['therapist'] }, [], {
      when: { kind: 'filled', field: 'notes' },
      at: line(85),
    }),
  ],
  at: line(79),
})

const treated = stageOf('treated', {
  final: true,
  success: true,
  enter: [
    act({ kind: 'erase', fields: ['notes'], after: { amount: 6, unit: 'month', working: false } }),
    act({ kind: 'erase', fields: ['mail'] }),
  ],
  at: line(88),
})

const stopped = stageOf('stopped', {
  title: { en: 'Stopped by the client' },
  final: true,
  enter: [
    act({ kind: 'notify', to: { kind: 'role', role: 'therapist' }, text: { en: 'Consent withdrawn: stop at once' } }),
    act({ kind: 'send', letter: 'stopped_letter', to: { kind: 'client' }, attach: [] }),
    act({ kind: 'erase', fields: ['notes', 'mail'] }),
  ],
  at: line(95),
})

const closed = stageOf('closed', {
  final: true,
  enter: [act({ kind: 'erase', fields: ['mail'] })],
  at: line(103),
})

/** The clinic's `visit`, as its text says (`examples/clinic`). */
export const clinic: Definition = workspaceOf(
  processOf('visit', [booked, inTreatment, treated, stopped, closed], {
    portal: true,
    access: { therapist: ['see', 'move', 'edit', 'erase'], reception: ['see', 'move', 'edit'] },
    fields: named(
      fieldOf('visit', 'date'),
      fieldOf('mail', 'client email', { personal: ['booking', 'reminders'] }),
      fieldOf('notes', 'long text', { personal: ['treatment'], special: true }),
    ),
    at: line(57),
  }),
  {
    purposes: named(
      purposeOf('treatment', 'explicit consent', { necessary: true, version: 2 }),
      purposeOf('booking', 'contract'),
      purposeOf('reminders', 'consent'),
    ),
    letters: named(letterOf('consent'), letterOf('reminder', 'reminders'), letterOf('stopped_letter')),
    forms: named({
      name: 'book',
      title: { en: 'Book a first visit' },
      starts: 'visit',
      questions: [
        { ask: { field: 'mail' }, required: true, at: line(52) },
        { ask: { field: 'visit' }, required: false, at: line(53) },
        { ask: { consent: 'reminders' }, required: true, at: line(54) },
      ],
      at: line(50),
    }),
  },
)
