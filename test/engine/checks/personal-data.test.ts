import { describe, expect, it } from 'vitest'
import { codesIn, placesOf, saidBy } from './found.ts'

interface Parts {
  readonly field?: string
  readonly process?: string
  readonly first?: string
  readonly second?: string
  readonly end?: string
  readonly more?: string
  readonly without?: string
}

/** A shop with one field, personal for the delivery, and whatever is said of it. */
function shop({ field = 'field address "Address" text personal for delivery', ...parts }: Parts): string {
  const text = `company "Anna's Flowers"
role florist "Florist"
purpose delivery "Deliver" { basis contract text "We use your address to bring the flowers." }
purpose offers "Offers" { basis consent text "We write to you about offers. You can say no." }
letter plain "Your order" { body "Thank you." }
letter naming "Your order" { body "{{ address }}" }
document note "A note" { body "{% if address %}{{ address | upcase }}{% endif %}" }
webhook courier { url "https://courier.example/parcels" }
${parts.more ?? ''}
process order "Order" {
  access florist: see, move, edit
  ${field}
  field price "Price" money
  field helper "Helper" person personal for delivery
  show helper
  ${parts.process ?? ''}
  stage new "New" {
    ${parts.first ?? ''}
    move to packing
  }
  stage packing "Packing" {
    ${parts.second ?? ''}
    move to done
  }
  final stage done "Done" { ${parts.end ?? ''} }
}`
  return parts.without ? text.replace(parts.without, '') : text
}

describe('a field that is personal by its type (Z401)', () => {
  it.each(['email', 'phone', 'client email', 'client phone'])('is told for the type `%s`', (type) => {
    expect(placesOf('Z401', shop({ field: `field address "Address" ${type}` }))).toEqual([
      `field address "Address" ${type}`,
    ])
    expect(saidBy('Z401', shop({ field: `field address "Address" ${type} personal for delivery` }))).toEqual([])
  })

  it.each(['person', 'file', 'link', 'text', 'long text', 'date'])('is not told for the type `%s`', (type) => {
    expect(saidBy('Z401', shop({ field: `field address "Address" ${type}` }))).toEqual([])
  })
})

describe('special data (Z406)', () => {
  const special = (basis: string, personal: string, stage = '', form = '') => `company "Physio Point"
role therapist "Therapist"
purpose treatment "Treat you" { basis ${basis} text "We keep notes on your health to treat you." }
purpose billing "Send you the bill" { basis contract text "We send you a bill." }
letter question "May we?" { body "Reply: **I consent**." }
${form && `form first "First" { fills visit ${form} }`}
process visit "Visit" {
  show in portal
  access therapist: see, move, edit
  field notes "Notes" long text personal for ${personal}, special
  field agree "I agree" yes/no
  edit notes
  stage new "New" {
    ${stage}
    move to done
  }
  final stage done "Done"
}`

  it.each(['consent', 'contract', 'legitimate interest'])('are told on the basis `%s`', (basis) => {
    expect(saidBy('Z406', special(basis, 'treatment'))).toEqual([
      `\`notes\` is special data, and \`treatment\` rests on ${basis}, which is no ground for them`,
    ])
  })

  it.each(['explicit consent', 'vital interests', 'legal obligation', 'public task'])(
    'are not told on the basis `%s`',
    (basis) => {
      expect(saidBy('Z406', special(basis, 'treatment'))).toEqual([])
    },
  )

  it('are told where one purpose of several has no ground, and which', () => {
    expect(saidBy('Z406', special('explicit consent', 'treatment, billing'))).toEqual([
      '`notes` is special data, and `billing` rests on contract, which is no ground for them',
    ])
    expect(saidBy('Z406', special('consent', 'treatment, billing'))).toEqual([
      '`notes` is special data, and `treatment` and `billing` rest on consent and contract, which is no ground for them',
    ])
  })

  const record = 'record consent to treatment'

  it.each([
    ['any reply', `on reply from client { ${record} }`, ''],
    ['a person of the staff', `move to done by therapist { ${record} }`, ''],
    ['a box in a form', `on form first when agree { ${record} }`, 'ask agree'],
  ])('are told where %s records the explicit consent', (_, rule, form) => {
    expect(placesOf('Z406', special('explicit consent', 'treatment', rule, form))).toEqual([`${record} }`])
  })

  it.each([
    ['the words of a reply', `on reply from client to question saying "I consent" { ${record} }`, ''],
    [
      'the question for it in a form',
      `on form first when consent to treatment { ${record} }`,
      'ask consent to treatment',
    ],
    ['anybody who writes down a no', `move to done by therapist { ${record} refused }`, ''],
  ])('are not told for %s', (_, rule, form) => {
    expect(saidBy('Z406', special('explicit consent', 'treatment', rule, form))).toEqual([])
  })

  it('are what it is about: an explicit consent to other data may be a box', () => {
    const text = special('explicit consent', 'treatment', `on form first when agree { ${record} }`, 'ask agree')
    expect(saidBy('Z406', text.replace(', special', ''))).toEqual([])
  })
})

describe('a personal field that nothing uses (Z409)', () => {
  const mail = 'field address "E-mail" email personal for delivery'
  const ours = 'field address "E-mail" client email personal for delivery'

  it.each<[string, Parts]>([
    ['is only declared', {}],
    ['is only filled in', { first: 'edit address' }],
    ['is only asked in a form', { more: 'form f "F" { starts order ask address }' }],
    ['is only erased', { first: 'edit address', end: 'on enter { erase address }' }],
    ['is only set', { first: 'on enter { set address to "x" }' }],
    ['stands in a letter that is not sent', { first: 'edit address' }],
    ['is an address that no letter goes to', { field: ours, first: 'on enter { send plain to florist }' }],
    ['is an address of somebody else', { field: mail, first: 'on enter { send plain to client }' }],
  ])('is told where it %s', (_, parts) => {
    expect(placesOf('Z409', shop(parts))).toEqual([expect.stringMatching(/^field address/)])
  })

  it.each<[string, Parts]>([
    ['a stage shows it', { second: 'show address' }],
    ['a stage shows it to one role', { second: 'show address to florist' }],
    ['the process shows it', { process: 'show address' }],
    ['the process lets it be edited', { process: 'edit address' }],
    ['two stages let it be edited', { first: 'edit address', second: 'edit address' }],
    [
      'it is a long text that is edited',
      { field: 'field address "Notes" long text personal for delivery', first: 'edit address' },
    ],
    ['a letter names it', { first: 'on enter { send naming to client }' }],
    ['an attached document names it', { first: 'on enter { send plain to client attach note }' }],
    ['a document that is written names it', { first: 'on enter { write note }' }],
    ['a letter goes to it', { field: mail, first: 'on enter { send plain to address }' }],
    [
      'it is the client’s address and a letter goes to the client',
      { field: ours, first: 'on enter { send plain to client }' },
    ],
    ['a call hands it on', { first: 'on enter { call courier with address }' }],
    ['a rule asks for it', { first: 'when address is filled go to packing' }],
    ['an action asks for it', { first: 'on enter { send plain to client when address contains "a" }' }],
    ['a rule of the process asks for it', { process: 'on signal moved when address is missing go to done' }],
    [
      'another field is set from it',
      { process: 'field copy "Copy" text', first: 'on enter { set copy to lower(address) }' },
    ],
    [
      'a time is reckoned from it',
      { field: 'field address "Day" date personal for delivery', first: 'at address - 1 day go to done' },
    ],
    ['a stage requires it', { first: 'edit address', second: 'require address' }],
    ['another process is started with it', { first: 'on enter { start order with address = address }' }],
    [
      'the case is assigned to it',
      { field: 'field address "Who" person personal for delivery', first: 'on enter { assign to address }' },
    ],
    ['a question of a form depends on it', { more: 'form f "F" { fills order ask price when address is filled }' }],
  ])('is not told where %s', (_, parts) => {
    expect(saidBy('Z409', shop(parts))).toEqual([])
  })

  it('is not told of what is not personal', () => {
    expect(saidBy('Z409', shop({ field: 'field address "Address" text' }).replace('send naming', ''))).toEqual([])
  })

  it('is told for each process by itself', () => {
    const other = `process other "Other" {
      access florist: see
      field address "Address" text personal for delivery
      show address
      stage new "New" { move to done }
      final stage done "Done"
    }`
    expect(placesOf('Z409', `${shop({ first: 'edit address' })}\n${other}`)).toHaveLength(1)
  })
})

describe('data used for another purpose (Z410)', () => {
  const spring = 'letter spring "Spring" { for offers body "{{ address }} {{ price }} {{ client.name }}" }'
  const leaflet = 'document leaflet "Leaflet" { for offers body "{{ address }}" }'

  it('is told where the template names them, once however often it is sent', () => {
    const text = shop({
      more: spring,
      first: 'on enter { send spring to client }',
      end: 'on enter { send spring to client }',
    })
    expect(placesOf('Z410', text)).toEqual(['address }} {{ price }} {{ client.name }}" }'])
    expect(saidBy('Z410', text)).toEqual([
      'letter `spring` is for `offers` and uses `address`, which is held for `delivery` alone',
    ])
  })

  it.each([
    ['a document that is written', 'write leaflet'],
    ['a document that is attached', 'send plain to client attach leaflet'],
  ])('is told of %s', (_, action) => {
    expect(saidBy('Z410', shop({ more: leaflet, first: `on enter { ${action} }` }))).toEqual([
      'document `leaflet` is for `offers` and uses `address`, which is held for `delivery` alone',
    ])
  })

  it('is told of a call, at the action', () => {
    const more = 'webhook mailer { url "https://mailer.example" for offers }'
    const text = shop({ more, first: 'on enter { call mailer with price, address }' })
    expect(placesOf('Z410', text)).toEqual(['call mailer with price, address }'])
  })

  it('is told of the address that a letter goes to', () => {
    const more = 'letter news "News" { for offers body "News." }'
    const mail = (type: string, purposes: string) => `field address "E-mail" ${type} personal for ${purposes}`
    const to = (recipient: string, field: string) =>
      shop({ more, field, first: `on enter { send news to ${recipient} }` })
    expect(placesOf('Z410', to('address', mail('email', 'delivery')))).toEqual(['send news to address }'])
    expect(placesOf('Z410', to('client', mail('client email', 'delivery')))).toEqual(['send news to client }'])
    expect(saidBy('Z410', to('client', mail('client email', 'delivery, offers')))).toEqual([])
    expect(saidBy('Z410', to('client', mail('email', 'delivery')))).toEqual([])
    expect(saidBy('Z410', to('florist', mail('client email', 'delivery')))).toEqual([])
  })

  it('is not told where one purpose of the field is that of the letter, or the letter names none', () => {
    const field = 'field address "Address" text personal for delivery, offers'
    expect(saidBy('Z410', shop({ field, more: spring, first: 'on enter { send spring to client }' }))).toEqual([])
    expect(saidBy('Z410', shop({ first: 'on enter { send naming to client }' }))).toEqual([])
  })

  it('is not told of a process that never sends it, nor of a field that is not personal', () => {
    expect(saidBy('Z410', shop({ more: spring }))).toEqual([])
    const field = 'field address "Address" text'
    expect(saidBy('Z410', shop({ field, more: spring, first: 'on enter { send spring to client }' }))).toEqual([])
  })
})

describe('data that leave for somebody no purpose names (Z411)', () => {
  const call = 'on enter { call courier with address, price }'
  const named = (recipient: string) => ({
    first: call,
    without: 'purpose delivery "Deliver" { basis contract text "We use your address to bring the flowers." }',
    more: `purpose delivery "Deliver" { basis contract recipients "${recipient}" text "We use your address." }`,
  })

  it('is told at the call, with the fields that are personal', () => {
    expect(placesOf('Z411', shop({ first: call }))).toEqual(['call courier with address, price }'])
    expect(saidBy('Z411', shop({ first: call }))).toEqual([
      '`address` goes to courier.example, and no purpose of it names this recipient',
    ])
    expect(saidBy('Z411', shop({ first: 'on enter { call courier with address, helper }' }))).toEqual([
      '`address` and `helper` go to courier.example, and no purpose of theirs names this recipient',
    ])
  })

  it('is not told where a purpose of the field names the recipient, in any case', () => {
    expect(saidBy('Z411', shop(named(' Courier.Example ')))).toEqual([])
    expect(saidBy('Z411', shop(named('Somebody else')))).toHaveLength(1)
  })

  it('goes by the name of the recipient where the webhook has one', () => {
    const text = (recipient: string) =>
      shop(named(recipient)).replace('parcels" }', 'parcels"\n recipient "Courier Kurier" }')
    expect(saidBy('Z411', text('courier kurier'))).toEqual([])
    expect(saidBy('Z411', text('courier.example'))).toEqual([
      '`address` goes to Courier Kurier, and no purpose of it names this recipient',
    ])
  })

  it('is not told of a call without personal data', () => {
    expect(saidBy('Z411', shop({ first: 'on enter { call courier with price }' }))).toEqual([])
  })
})

describe('personal data without a controller (Z412)', () => {
  const bare = (parts: Parts) => shop({ ...parts, without: 'company "Anna\'s Flowers"' })
  const form = 'form f "F" { starts order ask price\n ask address }'

  it('is told at the first form that asks for some, once', () => {
    const forms = `form g "G" { starts order ask price }\n${form}\nform h "H" { fills order ask address }`
    expect(placesOf('Z412', bare({ more: forms, first: 'edit address' }))).toEqual([
      'form f "F" { starts order ask price',
    ])
  })

  it('is told at a form that asks for a consent', () => {
    expect(placesOf('Z412', bare({ more: 'form f "F" { starts order ask consent to offers }' }))).toHaveLength(1)
  })

  it('is told at the first field that the staff fill in, where no form asks', () => {
    expect(placesOf('Z412', bare({ second: 'edit price\n edit helper, address' }))).toEqual([
      'field address "Address" text personal for delivery',
    ])
    expect(saidBy('Z412', bare({ process: 'edit helper' }))).toHaveLength(1)
  })

  it('is not told where nothing personal is collected, or the controller is declared', () => {
    expect(saidBy('Z412', bare({ more: 'form f "F" { starts order ask price }', first: 'edit price' }))).toEqual([])
    expect(saidBy('Z412', shop({ more: form }))).toEqual([])
  })
})

describe('who may see personal data (Z417)', () => {
  it('is told at the process, by its personal fields', () => {
    const text = shop({ without: 'access florist: see, move, edit' })
    expect(placesOf('Z417', text)).toEqual(['process order "Order" {'])
    expect(saidBy('Z417', text)).toEqual([
      'process `order` holds personal data (`address` and `helper`), and everybody may see them',
    ])
  })

  it('is not told of a process without any', () => {
    expect(codesIn('process p "P" { stage new "New" { move to done } final stage done "Done" }')).toEqual([])
  })
})
