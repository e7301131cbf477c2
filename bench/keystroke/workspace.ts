/** A workspace of 50 processes, half of them in each notation, with what they share in a file of its own. */
export function largeWorkspace(): ReadonlyMap<string, string> {
  const files = new Map([['shared.zgoda', shared]])
  for (let index = 0; index < 50; index++) {
    const name = `order_${index}`
    if (index % 2 === 0) files.set(`${name}.zgoda`, inText(name))
    else files.set(`${name}.yaml`, inYaml(name))
  }
  return files
}

const shared = `company "Example" {
  address "1 Street"
  email "privacy@company.example"
  officer "officer@company.example"
}

role clerk "Clerk" { clients: see, edit }
role manager "Manager" { clients: see, edit, erase }

purpose delivery "Deliver" {
  basis contract
  text "We bring what you order."
  keep 90 days after end
}

purpose offers "Offers" {
  basis consent
  text "We write to you about offers. You can say no."
  keep until end
}

letter question "May we? Order {{ case.number }}" {
  body """
  Hello {{ client.name }}, you chose {{ goods }}. {{ purpose.offers.text }}
  """
}

letter receipt "Delivered" {
  body "Your order {{ case.number }} went to {{ address }}. You paid {{ price }}."
}

table postage "Postage" (weight number, land choice (pl, de, other)) gives money {
  weight <= 2 and land = pl: 12
  weight <= 2: 30
  otherwise: 60
}
`

const stages = ['packing', 'checking', 'sending', 'waiting_for_money', 'calling', 'repairing']

function inText(name: string): string {
  return `process ${name} "Order" {
  moves declared
  access clerk: see, move, edit
  access manager: see, move, edit, erase

  field goods   "Goods" choice (roses, tulips, "wild flowers")
  field weight  "Weight" number
  field land    "Country" choice (pl, de, other)
  field price   "Price" money
  field paid    "Paid" yes/no default no
  field address "Address" text personal for delivery
  field contact "E-mail" client email personal for delivery

  show goods, price

  stage start "Start" {
    edit goods, weight, land, address, contact
    on enter { send question to client when consent to offers is none }
    on reply from client to question saying "yes" or "tak" { record consent to offers }
    on reply from client { notify clerk "Please read" }
    when consent to offers in (given, refused) and address is filled go to ${stages[0]}
    move to ${stages[0]} by clerk
  }
${stages.map((stage, index) => stageInText(stage, stages[index + 1] ?? 'done')).join('')}
  final stage done "Done" success {
    on enter {
      send receipt to client
      erase address, contact after 30 days
    }
  }
}
`
}

function stageInText(stage: string, next: string): string {
  return `
  stage ${stage} "${stage}" {
    show address
    edit price, paid
    require price
    on enter { set price to postage(weight, land) when weight > 0 }
    after 14 days { notify manager "It takes long" }
    move to ${next} by clerk when paid and price > 0
    move to done by manager
  }
`
}

function inYaml(name: string): string {
  return `processes:
  ${name}:
    title: Order
    access: { clerk: [see, move, edit], manager: [see, move, edit, erase] }
    fields:
      goods: { title: Goods, type: choice, options: [roses, tulips, wild flowers] }
      weight: { title: Weight, type: number }
      land: { title: Country, type: choice, options: [pl, de, other] }
      price: { title: Price, type: money }
      paid: { title: Paid, type: yes/no, default: no }
      address: { title: Address, type: text, personal: [delivery] }
      contact: { title: E-mail, type: client email, personal: [delivery] }
    show: [goods, price]
    stages:
      start:
        edit: [goods, weight, land, address, contact]
        enter:
          - send: { letter: question, to: client }
            when: consent to offers is none
        reply:
          - { to: question, saying: ["yes", tak], do: [{ recordConsent: offers }] }
          - { do: [{ notify: { to: clerk, text: Please read } }] }
        when:
          - { holds: "consent to offers in (given, refused) and address is filled", goTo: ${stages[0]} }
        moves:
          - { to: ${stages[0]}, by: [clerk] }
${stages.map((stage, index) => stageInYaml(stage, stages[index + 1] ?? 'done')).join('')}      done:
        final: success
        enter:
          - send: { letter: receipt, to: client }
          - erase: { fields: [address, contact], after: 30 days }
`
}

function stageInYaml(stage: string, next: string): string {
  return `      ${stage}:
        show: [address]
        edit: [price, paid]
        require: [price]
        enter:
          - set: { field: price, to: "postage(weight, land)" }
            when: weight > 0
        after:
          - { delay: 14 days, do: [{ notify: { to: manager, text: It takes long } }] }
        moves:
          - { to: ${next}, by: [clerk], when: paid and price > 0 }
          - { to: done, by: [manager] }
`
}
