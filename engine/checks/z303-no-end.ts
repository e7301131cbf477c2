import { lost, neverLeft, traps } from '../verify/ends.ts'
import { isRough } from '../verify/explore.ts'
import { pathTo } from '../verify/places.ts'
import type { ExploringCheck } from '../verify/proof.ts'
import { isSureEverywhere } from '../verify/sure.ts'
import { tooLarge } from '../verify/too-large.ts'

export const z303: ExploringCheck = {
  code: 'Z303',
  severity: 'error',
  title: 'from a reachable stage there is no way to any end',
  rule: 'From wherever a case can come to, it can still reach an end. What goes round for ever, or waits for what can not happen any more, never ends, and keeps its data.',
  find: function* ({ program, every }) {
    if (isRough(every)) yield tooLarge(program.process)
    if (isRough(every) || isSureEverywhere(every)) return
    const found = lost(every, neverLeft(every))
    for (const node of traps(every, found)) {
      const points = found.get(node)
      const stage = program.stages.get(node.stage)?.stage
      if (!points || !stage) continue
      yield {
        at: stage.at,
        process: program.process.name,
        message: `a case in stage \`${stage.name}\` can come to where no end can be reached any more`,
        hint: 'give it a way that is always open: a move without condition, or a time after which it goes on',
        ...pathTo(every, node, points),
      }
    }
  },
  wrong: `process order "Order" {
  stage new "New" {
    move to calling
    move to done
  }
  stage calling "Calling" { move to writing }
  stage writing "Writing" { move to calling }
  final stage done "Done"
}`,
  right: `process order "Order" {
  stage new "New" {
    move to calling
    move to done
  }
  stage calling "Calling" {
    move to writing
    move to done
  }
  stage writing "Writing" { move to calling }
  final stage done "Done"
}`,
  wrongYaml: `processes:
  order:
    title: Order
    stages:
      new:
        title: New
        moves:
          - to: calling
          - to: done
      calling:
        title: Calling
        moves:
          - to: writing
      writing:
        title: Writing
        moves:
          - to: calling
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
          - to: calling
          - to: done
      calling:
        title: Calling
        moves:
          - to: writing
          - to: done
      writing:
        title: Writing
        moves:
          - to: calling
      done:
        title: Done
        final: true`,
}
