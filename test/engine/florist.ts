import type { Definition, Place } from '../../engine/index.ts'
import {
  act,
  and,
  at,
  compare,
  consentIs,
  field,
  fieldOf,
  goTo,
  letterOf,
  named,
  number,
  processOf,
  purposeOf,
  rule,
  shown,
  stageOf,
  workspaceOf,
} from './declarations.ts'

const line = (number: number): Place => at(number, 'order.zgoda')

const waiting = stageOf('waiting', {
  title: { en: 'Waiting for the client' },
  edit: shown('bouquet', 'price', 'address', 'contact'),
  enter: [
    act(
      { kind: 'send', letter: 'ask_consent', to: { kind: 'client' }, attach: ['agreement'] },
      consentIs('allergies', 'none'),
      19,
    ),
  ],
  rules: [
    rule(
      'waiting.reply.1',
      { kind: 'reply', letter: 'ask_consent', saying: ['I agree', 'zgadzam się'] },
      [act({ kind: 'record consent', purpose: 'allergies', decision: 'given' })],
      { at: line(19) },
    ),
    rule(
      'waiting.reply.2',
      { kind: 'reply', letter: 'ask_consent', saying: ['no', 'nie'] },
      [act({ kind: 'record consent', purpose: 'allergies', decision: 'refused' })],
      { at: line(20) },
    ),
    rule('waiting.reply.3', { kind: 'reply', saying: [] }, [
      act({
        kind: 'notify',
        to: { kind: 'role', role: 'florist' },
        text: { en: 'The client has written: please read it' },
      }),
    ]),
    rule('waiting.when.1', { kind: 'when' }, [goTo('arranging')], {
      when: consentIs('allergies', 'given', 'refused'),
      at: line(22),
    }),
    rule('waiting.after.1', { kind: 'after', delay: { amount: 14, unit: 'day', working: false } }, [goTo('cancelled')]),
    rule('waiting.move.1', { kind: 'move', to: 'cancelled', by: ['florist', 'manager'] }, [], { at: line(24) }),
  ],
  at: line(16),
})

const arranging = stageOf('arranging', {
  title: { en: 'Arranging' },
  manualEntry: 'forbidden',
  show: shown('address', 'allergy'),
  edit: shown('price', 'paid'),
  require: [{ field: 'price', at: line(31) }],
  rules: [
    rule('arranging.move.1', { kind: 'move', to: 'delivered', by: ['florist'] }, [], {
      when: and(field('paid', 'yes/no'), compare(field('price', 'money'), '>', number(0), 'money')),
      at: line(32),
    }),
    rule('arranging.move.2', { kind: 'move', to: 'cancelled', by: ['manager'] }, [], { at: line(33) }),
  ],
  at: line(27),
})

const delivered = stageOf('delivered', {
  title: { en: 'Delivered' },
  final: true,
  success: true,
  enter: [
    act({ kind: 'send', letter: 'receipt', to: { kind: 'client' }, attach: [] }),
    act({ kind: 'erase', fields: ['allergy'] }),
    act({ kind: 'erase', fields: ['address', 'contact'], after: { amount: 30, unit: 'day', working: false } }),
  ],
  at: line(36),
})

const cancelled = stageOf('cancelled', {
  title: { en: 'Cancelled' },
  final: true,
  enter: [act({ kind: 'erase', fields: ['address', 'contact', 'allergy'] })],
  at: line(44),
})

/** The flower shop's `order`, as its text says (`examples/florist`). */
export const florist: Definition = workspaceOf(
  processOf('order', [waiting, arranging, delivered, cancelled], {
    portal: true,
    access: { florist: ['see', 'move', 'edit'], manager: ['see', 'move', 'edit', 'erase'] },
    fields: named(
      fieldOf(
        'bouquet',
        { kind: 'choice', options: ['roses', 'tulips', 'wild flowers'] },
        { title: { en: 'Bouquet' } },
      ),
      fieldOf('price', 'money', { title: { en: 'Price' } }),
      fieldOf('paid', 'yes/no', { default: { kind: 'yes/no', value: false } }),
      fieldOf('address', 'text', { personal: ['delivery'] }),
      fieldOf('contact', 'client email', { personal: ['delivery'] }),
      fieldOf('allergy', 'text', { personal: ['allergies'], special: true }),
    ),
    show: shown('bouquet', 'price'),
    at: line(1),
  }),
  {
    purposes: named(
      purposeOf('delivery', 'contract'),
      purposeOf('allergies', 'explicit consent'),
      purposeOf('offers', 'consent'),
    ),
    letters: named(letterOf('ask_consent'), letterOf('receipt'), letterOf('spring', 'offers')),
    forms: named({
      name: 'order_form',
      title: { en: 'Order flowers' },
      starts: 'order',
      questions: [
        { ask: { field: 'bouquet' }, required: true, at: at(160) },
        { ask: { field: 'address' }, required: true, at: at(161) },
        { ask: { field: 'contact' }, required: false, at: at(162) },
        { ask: { consent: 'allergies' }, required: true, at: at(163) },
        { ask: { field: 'allergy' }, required: false, when: consentIs('allergies'), at: at(164) },
        { ask: { consent: 'offers' }, required: false, at: at(165) },
      ],
      at: at(158),
    }),
  },
)
