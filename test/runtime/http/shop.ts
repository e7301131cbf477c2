import type { Definition, Field, Place, Purpose, Stage } from '../../../engine/definition.ts'

/** A small flower shop, for tests of the pages and the API: only what they look at. */

const at: Place = { file: 'order.zgoda', line: 1, column: 1 }

function stage(name: string, en: string, pl: string, more: Partial<Stage> = {}): Stage {
  return {
    name,
    title: { en, pl },
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
    ...more,
  }
}

function field(name: string, en: string, type: Field['type'], personal: readonly string[] = []): Field {
  return { name, title: { en }, type, personal, special: false, at }
}

function purpose(name: string, title: Purpose['title'], text: string, more: Partial<Purpose>): Purpose {
  return {
    name,
    title,
    basis: 'consent',
    necessary: false,
    version: 1,
    text: { en: text, pl: `PL: ${text}` },
    recipients: [],
    about: 'clients',
    at,
    ...more,
  }
}

export const shop: Definition = {
  company: {
    name: "Anna's Flowers sp. z o.o.",
    address: 'ul. Kwiatowa 1, 00-001 Warszawa',
    email: 'privacy@flowers.example',
    phone: '+48 22 000 00 00',
    officer: 'Jan Nowak, iod@flowers.example',
    at,
  },
  roles: {
    florist: { name: 'florist', title: { en: 'Florist' }, clients: ['see', 'edit'], at },
    manager: { name: 'manager', title: { en: 'Manager' }, clients: ['see', 'edit', 'erase'], at },
  },
  purposes: {
    delivery: purpose(
      'delivery',
      { en: 'Deliver your order', pl: 'Dostarczenie zamówienia' },
      'We use your address to bring the flowers. We use your e-mail to tell you when.',
      {
        basis: 'contract',
        keep: { after: 'end', for: { amount: 90, unit: 'day', working: false } },
        recipients: ['Courier Kurier sp. z o.o.'],
      },
    ),
    allergies: purpose(
      'allergies',
      { en: 'Choose flowers that are safe for you', pl: 'Wybór bezpiecznych kwiatów' },
      'If you tell us your allergies, we pick flowers that do not harm you. You can say no.',
      { basis: 'explicit consent', keep: { until: 'end' } },
    ),
    offers: purpose(
      'offers',
      { en: 'Send you offers', pl: 'Oferty e-mailem' },
      'About once a month we send you an e-mail with offers. You can say no: your order is carried out all the same.',
      { keep: { after: 'given', for: { amount: 2, unit: 'year', working: false } } },
    ),
  },
  letters: {
    ask_consent: {
      name: 'ask_consent',
      subject: { en: 'May we ask? {{ case.number }}' },
      body: { en: 'Hello' },
      uses: [],
      at,
    },
  },
  documents: {},
  forms: {
    order_form: {
      name: 'order_form',
      title: { en: 'Order flowers', pl: 'Zamów kwiaty' },
      starts: 'order',
      questions: [
        { ask: { field: 'bouquet' }, required: true, at },
        { ask: { field: 'address' }, required: true, at },
        { ask: { field: 'contact' }, required: false, at },
        { ask: { consent: 'allergies' }, required: true, at },
        {
          ask: { field: 'allergy' },
          required: true,
          when: { kind: 'consent', purpose: 'allergies', statuses: ['given'] },
          at,
        },
        { ask: { consent: 'offers' }, required: false, at },
      ],
      at,
    },
  },
  processes: {
    order: {
      name: 'order',
      title: { en: 'Order', pl: 'Zamówienie' },
      portal: true,
      moves: 'declared',
      access: { florist: ['see', 'move', 'edit'], manager: ['see', 'move', 'edit', 'erase'] },
      fields: {
        bouquet: field('bouquet', 'Bouquet', { kind: 'choice', options: ['roses', 'tulips', 'wild flowers'] }),
        price: field('price', 'Price', { kind: 'money' }),
        paid: field('paid', 'Paid', { kind: 'yes/no' }),
        address: field('address', 'Delivery address', { kind: 'text' }, ['delivery']),
        contact: field('contact', 'E-mail for this order', { kind: 'client email' }, ['delivery']),
        allergy: field('allergy', 'Allergies', { kind: 'text' }, ['allergies']),
      },
      show: [],
      edit: [],
      stages: {
        waiting: stage('waiting', 'Waiting for the client', 'Czekamy na klienta'),
        arranging: stage('arranging', 'Arranging', 'Układamy', { manualEntry: 'forbidden' }),
        delivered: stage('delivered', 'Delivered', 'Dostarczone', { final: true, success: true }),
        cancelled: stage('cancelled', 'Cancelled', 'Anulowane', { final: true }),
      },
      rules: [],
      at,
    },
    withdrawal: {
      name: 'withdrawal',
      title: { en: 'Withdraw my consent', pl: 'Wycofaj zgodę' },
      portal: true,
      moves: 'declared',
      access: { manager: ['see', 'move', 'erase'] },
      fields: {},
      show: [],
      edit: [],
      stages: {
        received: stage('received', 'Received', 'Przyjęte'),
        done: stage('done', 'Done', 'Gotowe', { final: true }),
      },
      rules: [],
      at,
    },
  },
  tables: {},
  webhooks: {},
}
