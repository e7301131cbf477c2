import { own } from '../named.ts'
import { rulesOf } from './acts.ts'
import type { ReadingCheck } from './check.ts'

export const z305: ReadingCheck = {
  code: 'Z305',
  severity: 'error',
  title: 'a move into a stage that forbids manual entry',
  rule: 'Into a stage that forbids manual entry no person moves a case: a button that goes there is refused whoever presses it.',
  find: function* ({ processes }) {
    for (const process of Object.values(processes)) {
      for (const { trigger, at } of rulesOf(process)) {
        if (trigger.kind !== 'move' || own(process.stages, trigger.to)?.manualEntry !== 'forbidden') continue
        yield {
          at,
          process: process.name,
          message: `people move cases to \`${trigger.to}\`, which forbids manual entry: they are always refused`,
          hint: {
            text: `take the rule away, or \`forbid manual entry\` from \`${trigger.to}\``,
            yaml: `take the move away, or \`manualEntry: forbidden\` from \`${trigger.to}\``,
          },
        }
      }
    }
  },
  wrong: `role florist "Florist"
process order "Order" {
  stage new "New" {
    on signal paid go to arranging
    move to arranging by florist
    move to done
  }
  stage arranging "Arranging" {
    forbid manual entry
    move to done
  }
  final stage done "Done"
}`,
  right: `role florist "Florist"
process order "Order" {
  stage new "New" {
    on signal paid go to arranging
    move to done
  }
  stage arranging "Arranging" {
    forbid manual entry
    move to done
  }
  final stage done "Done"
}`,
  wrongYaml: `roles:
  florist: { title: Florist }

processes:
  order:
    title: Order
    stages:
      new:
        title: New
        signal:
          - { name: paid, goTo: arranging }
        moves:
          - { to: arranging, by: [florist] }
          - to: done
      arranging:
        title: Arranging
        manualEntry: forbidden
        moves:
          - to: done
      done:
        title: Done
        final: true`,
  rightYaml: `roles:
  florist: { title: Florist }

processes:
  order:
    title: Order
    stages:
      new:
        title: New
        signal:
          - { name: paid, goTo: arranging }
        moves:
          - to: done
      arranging:
        title: Arranging
        manualEntry: forbidden
        moves:
          - to: done
      done:
        title: Done
        final: true`,
}
