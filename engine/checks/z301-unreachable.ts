import { neverReached } from '../verify/ends.ts'
import type { ExploringCheck } from '../verify/proof.ts'
import { waysInto } from '../verify/ways.ts'

export const z301: ExploringCheck = {
  code: 'Z301',
  severity: 'error',
  title: 'a stage no case can reach',
  rule: 'Every stage is one that some case can come to. One that none can reach holds rules that nobody will ever see at work, and is most often the sign of a condition that can not hold.',
  find: function* ({ program, every }) {
    for (const stage of neverReached(every)) {
      const ways = waysInto(program, stage.name)
      yield {
        at: stage.at,
        process: program.process.name,
        message: `no case can reach stage \`${stage.name}\``,
        hint:
          ways.length === 0
            ? 'nothing leads there: write a rule that goes to it, or take the stage away'
            : `what leads there never comes to pass: ${ways.join('; ')}`,
      }
    }
  },
  wrong: `process order "Order" {
  stage new "New" { after 3 days go to done }
  stage packing "Packing" { after 1 day go to done }
  final stage done "Done"
}`,
  right: `process order "Order" {
  stage new "New" { after 3 days go to packing }
  stage packing "Packing" { after 1 day go to done }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        after:
          - { delay: 3 days, goTo: done }
      packing:
        title: Packing
        after:
          - { delay: 1 day, goTo: done }
      done:
        title: Done
        final: true`,
  rightYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        after:
          - { delay: 3 days, goTo: packing }
      packing:
        title: Packing
        after:
          - { delay: 1 day, goTo: done }
      done:
        title: Done
        final: true`,
}
