import { convertFile, type SourceFile } from '../../dsl/index.ts'

/** What every process of a generated workspace shares. */
const shared = `company "Example" {
  address "1 Street"
  email   "privacy@company.example"
}

role clerk "Clerk" { clients: see, edit }

role manager "Manager" { clients: see, edit, erase }

purpose delivery "Deliver" {
  basis contract
  text "We use your address to bring what you order."
  keep 90 days after end
}

purpose offers "Offers" {
  basis consent
  text "About once a month we write to you about offers. You can say no."
  keep 2 years after given
}

letter question "May we? Order {{ case.number }}" {
  body """
    Hello {{ client.name }},

    you chose {{ goods }}. {{ purpose.offers.text }} Reply with **yes** or **no**.
  """
}

letter receipt "Delivered" { body "Your order {{ case.number }} went to {{ address }}. You paid {{ price }}." }

document agreement "Agreement" { body "Between {{ company.name }} and the client of order {{ case.number }}." }

table postage "Postage" (weight number, land choice (pl, de, other)) gives money {
  weight <= 2 and land = pl: 12
  weight <= 2: 30
  otherwise: 60
}
`

const stages = ['packing', 'checking', 'sending', 'paying', 'calling', 'repairing']

/** A workspace of so many processes of eight stages, so many to a file, in Zgoda text. */
export function inText(processes: number, perFile = 10): SourceFile[] {
  const files = [{ name: 'shared.zgoda', text: shared }]
  for (let first = 0; first < processes; first += perFile) {
    const names = Array.from({ length: Math.min(perFile, processes - first) }, (_, index) => `order_${first + index}`)
    files.push({ name: `orders_${first}.zgoda`, text: names.map(processOf).join('\n') })
  }
  return files
}

/** The same in YAML. */
export function inYaml(files: readonly SourceFile[]): SourceFile[] {
  return files.map((file) => {
    const converted = convertFile(file)
    if (!('text' in converted))
      throw new Error(`${file.name} can't be converted: ${JSON.stringify(converted.problems)}`)
    return { name: file.name.replace(/zgoda$/, 'yaml'), text: converted.text }
  })
}

function processOf(name: string): string {
  return `process ${name} "Order" pl "Zamówienie" {
  show in portal
  access clerk: see, move, edit
  access manager: see, move, edit, erase

  field goods   "Goods"   choice (roses, tulips, "wild flowers")
  field weight  "Weight"  number
  field land    "Country" choice (pl, de, other)
  field price   "Price"   money
  field paid    "Paid"    yes/no default no
  field address "Address" text personal for delivery
  field contact "E-mail"  client email personal for delivery
  field wish    "Wish"    long text personal for offers

  show goods, price

  stage start "Start" {
    edit goods, weight, land, address, contact
    on enter { send question to client attach agreement when consent to offers is none }
    on reply from client to question saying "yes" or "tak" { record consent to offers }
    on reply from client to question saying "no" or "nie" { record consent to offers refused }
    on reply from client { notify clerk "Please read" }
    when consent to offers in (given, refused) and address is filled go to ${stages[0]}
    after 14 days go to cancelled
    move to ${stages[0]} by clerk
  }
${stages.map((stage, index) => stageOf(stage, stages[index + 1] ?? 'done', index === 0)).join('')}
  final stage done "Done" success {
    on enter {
      send receipt to client
      erase wish
      erase address, contact after 30 days
    }
  }

  final stage cancelled "Cancelled" {
    on enter { erase address, contact, wish }
  }
}

form form_${name} "Order" {
  starts ${name}
  ask goods required
  ask address required
  ask contact
  ask consent to offers required
  ask wish when consent to offers
}
`
}

function stageOf(stage: string, next: string, isFirst: boolean): string {
  return `
  stage ${stage} "${stage}" {
    show address, contact, wish
    edit price, paid
    require price
${isFirst ? '    on enter { set price to postage(weight, land) when weight > 0 and price is missing }' : ''}
    after 2 working days { notify manager "It takes long" }
    when paid and price > 0 and days between(today, case.created) > 30 go to ${next}
    move to ${next} by clerk when paid and (price > 10 or goods = roses)
    move to cancelled by manager
  }
`
}

/** One process of 100 stages and 8 purposes that consent may open. */
export function large(): SourceFile[] {
  const purposes = Array.from({ length: 8 }, (_, index) => `purpose_${index}`)
  const declared = purposes.map(
    (name) =>
      `purpose ${name} "Extra ${name}" {\n  basis consent\n  text "We do something extra. You can say no."\n  keep until end\n}\n`,
  )
  const fields = purposes.map((name, index) => `  field extra_${index} "Extra" text personal for ${name}`)
  const body = Array.from({ length: 100 }, (_, index) => largeStage(index))
  const text = `company "Example" { address "1 Street" }

role clerk "Clerk" { clients: see }

${declared.join('\n')}
process large "Large" {
  show in portal
  access clerk: see, move, edit
  field paid  "Paid" yes/no default no
  field price "Price" money
${fields.join('\n')}
${body.join('')}
  final stage done "Done" success {
    on enter { erase ${purposes.map((_, index) => `extra_${index}`).join(', ')} }
  }
}
`
  const form = `form apply "Apply" {\n  starts large\n${purposes.map((name) => `  ask consent to ${name}\n`).join('')}}\n`
  return [{ name: 'large.zgoda', text: `${text}\n${form}` }]
}

function largeStage(index: number): string {
  const next = index === 99 ? 'done' : `stage_${index + 1}`
  const extra = index % 8
  return `
  stage stage_${index} "Stage ${index}" {
    show extra_${extra}
    edit price, paid
    on consent to purpose_${extra} withdrawn { notify clerk "Stop" }
    when consent to purpose_${extra} and paid and price > ${index} go to ${next}
    after 14 days go to ${next}
    move to ${next} by clerk when paid or price > ${index}
    move to done by clerk
  }
`
}
