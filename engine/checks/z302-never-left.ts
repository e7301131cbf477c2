import { neverLeft } from '../verify/ends.ts'
import { restOf } from '../verify/explore.ts'
import { pathTo } from '../verify/places.ts'
import type { ExploringCheck } from '../verify/proof.ts'

export const z302: ExploringCheck = {
  code: 'Z302',
  severity: 'error',
  title: "a stage that is not final and can't be left",
  rule: 'A case that comes to a stage can leave it, unless the stage is final. Otherwise it stays there for ever, and so do its data.',
  find: function* ({ program, every }) {
    for (const name of neverLeft(every)) {
      const stage = program.stages.get(name)?.stage
      const place = restOf(every, name)
      if (!stage || !place) continue
      yield {
        at: stage.at,
        process: program.process.name,
        message: `a case in stage \`${name}\` can never leave it, and it is not a final stage`,
        hint: {
          text: 'write a rule that goes on (`move to …`, `after … go to …`), or make it a `final stage`',
          yaml: 'write a rule that goes on (`moves`, `after`), or make it final: `final: true`',
        },
        ...pathTo(every, place.node, place.points),
      }
    }
  },
  wrong: `process order "Order" {
  stage new "New" {
    move to waiting
    move to done
  }
  stage waiting "Waiting" { after 3 days { notify everyone "Still waiting" } }
  final stage done "Done"
}`,
  right: `process order "Order" {
  stage new "New" {
    move to waiting
    move to done
  }
  stage waiting "Waiting" { after 3 days go to done }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: waiting
          - to: done
      waiting:
        title: Waiting
        after:
          - { delay: 3 days, do: [{ notify: { to: everyone, text: Still waiting } }] }
      done:
        title: Done
        final: true`,
  rightYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: waiting
          - to: done
      waiting:
        title: Waiting
        after:
          - { delay: 3 days, goTo: done }
      done:
        title: Done
        final: true`,
}
