import { readScenarios } from '../../../dsl/index.ts'
import { compile, failureInWords, simulate, storyInWords, type Telling } from '../../../engine/index.ts'
import { ownWords } from '../../../runtime/mail/own-words.ts'

/** A small process in which each step has something to do. */
export const shop = `company "Shop" { email "privacy@shop.example" }
role clerk "Clerk" { clients: see, edit, erase }
role boss "Boss"
hours {
  timezone "Europe/Warsaw"
  monday to friday 8:00 to 16:00
  holidays 2026-03-05
}
purpose delivery "Deliver" { basis contract text "We bring it." keep until end }
purpose offers "Offers" { basis consent text "We write to you." keep until end }
letter question "May we?" { body "Yes or no?" }
letter news "News" { for offers body "News." }
letter other "For somebody else" { body "Hello." }
form order_form "Order" {
  starts order
  ask goods required
  ask consent to offers
}
form more "More" {
  fills order
  ask address required
}
process order "Order" {
  show in portal
  access clerk: see, move, edit, erase
  access boss: see, move
  field goods "Goods" choice (roses, tulips)
  field extras "Extras" many (card, ribbon)
  field price "Price" money
  field paid "Paid" yes/no
  field day "Day" date
  field address "Address" text personal for delivery
  field contact "E-mail" client email personal for delivery
  field friend "A friend's e-mail" email personal for delivery
  field hobby "Hobby" text personal for offers
  show goods
  stage new "New" {
    edit goods, extras, price, paid, day, address, contact, friend, hobby
    show price to client
    on enter { send question to client }
    on reply from client to question saying "yes" { record consent to offers }
    on reply from client saying "no" go to closed
    on reply from client { notify clerk "Please read" }
    on form more { set price to 5 }
    on consent to offers withdrawn go to closed
    on signal paid go to packing
    on signal ship { start parcel }
    on cases done go to closed
    after 2 working days { send news to client }
    after 10 days go to closed
    at day go to packing
    move to packing by clerk when price > 0
    move to checked by clerk
  }
  stage checked "Checked" {
    needs consent to offers, otherwise go to closed
    on enter { assign to boss }
    on signal ask { notify assignee "Look" }
    move to packing by boss
  }
  stage packing "Packing" {
    forbid manual entry
    move to closed by clerk
  }
  final stage closed "Closed" success {
    on enter { erase contact after 3 days }
  }
}
process parcel "Parcel" {
  access clerk: see, move
  stage sent "Sent" { move to arrived by clerk }
  final stage arrived "Arrived"
}
`

export interface Told {
  /** What is wrong, a line each; empty where the scenario comes true. */
  readonly wrong: readonly string[]
  /** What each step did. */
  readonly outcomes: readonly (readonly string[])[]
  readonly telling: Telling
}

/** Plays steps as an author writes them, a list in YAML, on a process of a workspace. */
export function tell(
  steps: string,
  { client = '{ email: anna@client.example }', process = 'order', workspace = shop } = {},
): Told {
  const list = steps.trim().replace(/^/gm, '      ')
  const text = `process: ${process}\nscenarios:\n  - name: A story\n    client: ${client}\n    steps:\n${list}\n`
  const { suites, problems } = readScenarios([{ name: 'story.test.yaml', text }], {
    files: [{ name: 'shop.zgoda', text: workspace }],
    problems: [],
  })
  const [suite] = suites
  const scenario = suite?.scenarios[0]
  if (!suite || !scenario) throw new Error(JSON.stringify(problems, null, 2))
  const machine = compile(suite.definition, process)
  const telling = simulate(machine, scenario, ownWords)
  return {
    wrong: telling.failure ? failureInWords(telling.failure) : [],
    outcomes: storyInWords(machine, telling.story).map(({ outcome }) => outcome),
    telling,
  }
}
