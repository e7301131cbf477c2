import type { SourceFile } from '../../dsl/index.ts'
import { inText } from '../check/workspace.ts'

const processes = 10

/** A workspace of ten processes of eight stages, and so many scenarios of nine steps, a file for each process. */
export function withScenarios(scenarios: number): SourceFile[] {
  const each = Math.ceil(scenarios / processes)
  const files = Array.from({ length: processes }, (_, index): SourceFile => {
    const count = Math.min(each, scenarios - index * each)
    const stories = Array.from({ length: Math.max(0, count) }, (_, number) => storyOf(number))
    return { name: `order_${index}.test.yaml`, text: `process: order_${index}\nscenarios:\n${stories.join('\n')}` }
  })
  return [...inText(processes), ...files.slice(0, Math.ceil(scenarios / each))]
}

/** Half the clients say yes; letters, a table, working days and an erasure are in every story. */
function storyOf(number: number): string {
  const [saying, status] = number % 2 === 0 ? ['Yes!', 'given'] : ['No.', 'refused']
  return `  - name: Order ${number} is stopped after a while, and the address goes
    client: { email: client${number}@client.example }
    steps:
      - start: { goods: roses, weight: 1, land: pl, address: Main St ${number} }
      - expect: { stage: start, letters: [question], scheduled: [cancelled] }
      - reply:
          saying: |-
            ${saying}

            > May we write to you?
      - expect: { stage: packing, consent: { offers: ${status} }, fields: { price: 12 } }
      - move: { to: checking, by: clerk }
        refused: only when
      - fill: { price: 40, paid: "yes" }
      - move: { to: checking, by: clerk }
      - wait: 2 working days
      - move: { to: cancelled, by: manager }
      - expect: { ended: true, notified: [manager], fields: { address: erased } }
`
}
