import type { CaseState } from '../../../engine/case.ts'
import type { Definition, Field, FieldType, Process } from '../../../engine/definition.ts'

const at = { file: 'shop.zgoda', line: 1, column: 1 }

function field(name: string, type: FieldType, personal: string[] = []): Field {
  return { name, title: { en: name }, type, personal, special: false, at }
}

export const process: Process = {
  name: 'order',
  title: { en: 'Order' },
  portal: false,
  moves: 'declared',
  access: {},
  fields: {
    bouquet: field('bouquet', { kind: 'text' }),
    price: field('price', { kind: 'money' }),
    paid: field('paid', { kind: 'yes/no' }),
    extras: field('extras', { kind: 'many', options: ['card', 'ribbon'] }),
    allergy: field('allergy', { kind: 'text' }, ['allergies']),
  },
  show: [],
  edit: [],
  stages: {
    waiting: {
      name: 'waiting',
      title: { en: 'Waiting', pl: 'Czekamy' },
      final: false,
      success: false,
      manualEntry: 'allowed',
      needs: [],
      show: [],
      edit: [],
      require: [],
      enter: [],
      leave: [],
      rules: [],
      at,
    },
  },
  rules: [],
  at,
}

/** A workspace of one letter and one document; `body` is the letter's. */
export function workspace(body: string, document = '# Agreement', subject = 'Order {{ case.number }}'): Definition {
  return {
    company: { name: 'Flowers & Co', address: 'Long Street 1', at },
    roles: {},
    purposes: {
      allergies: {
        name: 'allergies',
        title: { en: 'Safe flowers', pl: 'Bezpieczne kwiaty' },
        basis: 'explicit consent',
        necessary: false,
        version: 1,
        text: { en: 'We pick flowers that do not harm you.', pl: 'Dobieramy kwiaty, które nie szkodzą.' },
        keep: { after: 'given', for: { amount: 2, unit: 'year', working: false } },
        recipients: [],
        about: 'clients',
        at,
      },
      offers: {
        name: 'offers',
        title: { en: 'Offers' },
        basis: 'consent',
        necessary: false,
        version: 1,
        recipients: [],
        about: 'clients',
        at,
      },
    },
    letters: { ask: { name: 'ask', subject: { en: subject }, body: { en: body }, uses: [], at } },
    documents: { agreement: { name: 'agreement', title: { en: 'Agreement' }, body: { en: document }, uses: [], at } },
    forms: {},
    processes: { order: process },
    tables: {},
    webhooks: {},
  }
}

export function state(values: CaseState['values'], client: Partial<CaseState['client']> = {}): CaseState {
  return {
    id: '0190f3a2-7c1b-7def-8123-456789abcdef',
    number: 'ORDER-7',
    createdAt: '2026-05-25T10:00:00.000Z',
    stage: 'waiting',
    enteredAt: '2026-05-25T10:00:00.000Z',
    visited: ['waiting'],
    ended: 'no',
    values,
    timers: {},
    fired: [],
    seq: 1,
    client: { consents: {}, ...client },
  }
}
