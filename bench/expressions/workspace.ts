import type { Names } from './orders.ts'

/** A workspace whose processes have the five rules, one a stage, each process with names of its own. */
export function workspaceOf(processes: readonly Names[]): string {
  return `company "Example" { email "privacy@company.example" }

role clerk "Clerk"

purpose delivery "Deliver" {
  basis contract
  text "We bring what you order."
  keep until end
}

table shipping "Shipping" (weight number, country choice (pl, de, other)) gives money {
  weight <= 2 and country = pl: 12
  weight <= 2: 30
  otherwise: 60
}
${processes.map(processOf).join('')}`
}

function processOf(names: Names): string {
  const { bouquet, price, paid, ordered, weight, country, note, allergies } = names
  return `
purpose ${allergies} "Choose flowers that are safe for you" {
  basis explicit consent
  text "If you tell us your allergies, we pick flowers that do not harm you."
  keep until end
}

process ${names.process} "Order" {
  show in portal
  access clerk: see, move, edit

  field ${bouquet} "Bouquet" choice (roses, tulips, "wild flowers")
  field ${price} "Price" money
  field ${paid} "Paid" yes/no
  field ${ordered} "Ordered on" date
  field ${weight} "Weight" number
  field ${country} "Country" choice (pl, de, other)
  field ${note} "Note of the client" long text personal for delivery

  stage money { when ${paid} and ${price} > 100 go to consent }
  stage consent {
    when consent to ${allergies} in (given, refused) and ${bouquet} in (roses, tulips) go to date
  }
  stage date { when ${ordered} + 14 days < today go to text }
  stage text { when lower(${note}) contains "lilies" go to table }
  stage table { when shipping(${weight}, ${country}) <= 30 and (${paid} or ${price} < 50) go to done }
  final stage done success
}
`
}
