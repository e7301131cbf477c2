import type { Definition, Form, Place } from '../definition.ts'
import { own } from '../named.ts'
import type { ReadingCheck } from './check.ts'
import { personalField } from './personal-data.ts'

export const z412: ReadingCheck = {
  code: 'Z412',
  severity: 'error',
  title: 'personal data are collected and no controller is declared',
  rule: 'Who collects personal data says who they are and how to reach them, before anything is given.',
  source: 'GDPR Art. 13(1)(a)',
  find: function* (definition) {
    if (definition.company) return
    const form = earliest(Object.values(definition.forms).filter((each) => collects(definition, each)))
    const field = earliest(filledByStaff(definition))
    const first = form ?? field
    if (!first) return
    yield {
      at: first.at,
      message: `${form ? `form \`${form.name}\` asks clients for something of theirs` : `\`${first.name}\` is personal`}, and nobody is declared who answers for it`,
      hint: {
        text: 'declare it: `company "Name" { address "…" email "…" }`',
        yaml: 'declare it: `company: { name: …, address: …, email: … }`',
      },
    }
  },
  wrong: `role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
form order_form "Order flowers" {
  starts order
  ask address
}
process order "Order" {
  access florist: see, move, edit
  field address "Address" text personal for delivery
  stage new "New" {
    show address
    move to done
  }
  final stage done "Done"
}`,
  right: `company "Anna's Flowers" {
  address "ul. Kwiatowa 1, 00-001 Warszawa"
  email "privacy@flowers.example"
}
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}
form order_form "Order flowers" {
  starts order
  ask address
}
process order "Order" {
  access florist: see, move, edit
  field address "Address" text personal for delivery
  stage new "New" {
    show address
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end

forms:
  order_form:
    title: Order flowers
    starts: order
    ask:
      - field: address

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    stages:
      new:
        title: New
        show: [address]
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `company:
  name: Anna's Flowers
  address: ul. Kwiatowa 1, 00-001 Warszawa
  email: privacy@flowers.example

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end

forms:
  order_form:
    title: Order flowers
    starts: order
    ask:
      - field: address

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      address: { title: Address, type: text, personal: [delivery] }
    stages:
      new:
        title: New
        show: [address]
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}

function collects({ processes }: Definition, form: Form): boolean {
  const process = own(processes, form.starts ?? form.fills ?? '')
  return form.questions.some(
    ({ ask }) => 'consent' in ask || (process !== undefined && personalField(process, ask.field) !== undefined),
  )
}

/** Personal fields that people fill in at some stage. */
function filledByStaff({ processes }: Definition): readonly { readonly name: string; readonly at: Place }[] {
  return Object.values(processes).flatMap((process) => {
    const edited = [...process.edit, ...Object.values(process.stages).flatMap((stage) => stage.edit)]
    return edited.flatMap(({ field }) => personalField(process, field) ?? [])
  })
}

/** The first by file and place: the order of files means nothing. */
function earliest<T extends { readonly at: Place }>(found: readonly T[]): T | undefined {
  return found.toSorted(({ at: a }, { at: b }) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  )[0]
}
