import { and, isEmpty } from '../verify/bits.ts'
import { restOf } from '../verify/explore.ts'
import { pathTo } from '../verify/places.ts'
import type { ExploringCheck } from '../verify/proof.ts'
import { filledTruth, nothingAssumed } from '../verify/truth.ts'

export const z308: ExploringCheck = {
  code: 'Z308',
  severity: 'error',
  title: 'a required field nobody can have filled by then',
  rule: 'A stage requires only what somebody can have filled in by then: earlier, or there.',
  find: function* ({ program, every }) {
    for (const { stage } of program.stages.values()) {
      const place = restOf(every, stage.name)
      if (!place) continue
      for (const { field, at } of stage.require) {
        const { may } = filledTruth(place.node.facts, field, nothingAssumed)
        if (!isEmpty(and(place.points, may))) continue
        yield {
          at,
          process: program.process.name,
          message: `stage \`${stage.name}\` requires \`${field}\`, which nobody can have filled in by then`,
          hint: {
            text: `let it be filled in: \`edit ${field}\` here or earlier, or a form that asks for it`,
            yaml: `let it be filled in: \`edit: [${field}]\` here or earlier, or a form that asks for it`,
          },
          ...pathTo(every, place.node, place.points),
        }
      }
    }
  },
  wrong: `process order "Order" {
  field price "Price" money
  stage new "New" {
    show price
    move to packing
  }
  stage packing "Packing" {
    require weight
    move to done
    after 3 days go to done
  }
  final stage done "Done"
  field weight "Weight" number
}`,
  right: `process order "Order" {
  field price "Price" money
  stage new "New" {
    show price
    move to packing
  }
  stage packing "Packing" {
    edit weight
    require weight
    move to done
    after 3 days go to done
  }
  final stage done "Done"
  field weight "Weight" number
}`,
  wrongYaml: `processes:
  order:
    title: Order
    fields:
      price: { title: Price, type: money }
      weight: { title: Weight, type: number }
    stages:
      new:
        title: New
        show: [price]
        moves:
          - to: packing
      packing:
        title: Packing
        require: [weight]
        moves:
          - to: done
        after:
          - { delay: 3 days, goTo: done }
      done:
        title: Done
        final: true`,
  rightYaml: `processes:
  order:
    title: Order
    fields:
      price: { title: Price, type: money }
      weight: { title: Weight, type: number }
    stages:
      new:
        title: New
        show: [price]
        moves:
          - to: packing
      packing:
        title: Packing
        edit: [weight]
        require: [weight]
        moves:
          - to: done
        after:
          - { delay: 3 days, goTo: done }
      done:
        title: Done
        final: true`,
}
