import type { ReadingCheck } from './check.ts'
import { fieldsUsed } from './field-uses.ts'
import { personalFields } from './personal-data.ts'

export const z409: ReadingCheck = {
  code: 'Z409',
  severity: 'warning',
  title: 'a personal field that nothing uses',
  rule: 'No more data are collected than the purpose needs. What is filled in once and then never shown, written, sent or asked by a rule is not needed.',
  source: 'GDPR Art. 5(1)(c)',
  find: function* (definition) {
    for (const process of Object.values(definition.processes)) {
      const used = fieldsUsed(definition, process)
      for (const { name, at } of personalFields(process)) {
        if (used.has(name)) continue
        yield {
          at,
          process: process.name,
          message: `\`${name}\` is personal, and nothing uses it`,
          hint: {
            text: `take the field away, or \`show ${name}\` at the stage that needs it`,
            yaml: `take the field away, or \`show: [${name}]\` at the stage that needs it`,
          },
        }
      }
    }
  },
  wrong: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your birthday to pick the flowers."
  keep until end
}
process order "Order" {
  access florist: see, move, edit
  field birthday "Birthday" date personal for delivery
  stage new "New" {
    edit birthday
    move to arranging
  }
  stage arranging "Arranging" { move to done }
  final stage done "Done"
}`,
  right: `company "Anna's Flowers" { email "privacy@flowers.example" }
role florist "Florist"
purpose delivery "Deliver your order" {
  basis contract
  text "We use your birthday to pick the flowers."
  keep until end
}
process order "Order" {
  access florist: see, move, edit
  field birthday "Birthday" date personal for delivery
  stage new "New" {
    edit birthday
    move to arranging
  }
  stage arranging "Arranging" {
    show birthday
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your birthday to pick the flowers.
    keep: until end

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      birthday: { title: Birthday, type: date, personal: [delivery] }
    stages:
      new:
        title: New
        edit: [birthday]
        moves:
          - to: arranging
      arranging:
        title: Arranging
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `company:
  name: Anna's Flowers
  email: privacy@flowers.example

roles:
  florist: { title: Florist }

purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your birthday to pick the flowers.
    keep: until end

processes:
  order:
    title: Order
    access: { florist: [see, move, edit] }
    fields:
      birthday: { title: Birthday, type: date, personal: [delivery] }
    stages:
      new:
        title: New
        edit: [birthday]
        moves:
          - to: arranging
      arranging:
        title: Arranging
        show: [birthday]
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}
