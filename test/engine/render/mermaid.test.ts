import { describe, expect, it } from 'vitest'
import { diagramOf } from '../../../engine/render/diagram.ts'
import { toMermaid } from '../../../engine/render/mermaid.ts'
import { readExample } from '../examples.ts'
import { signs, strange } from './strange.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

const id = /[a-z][a-z0-9_]*_(?:AT_[a-z][a-z0-9_]*|ANYWHERE|ALL)/.source
const words = /(?:[^#;:"%<>&{}[\]|`\\$~*_]|#\d+;)+/.source
const label = `${words}(?:<br/>or ${words})*`

/** Every form a line may have; a sign that means something to Mermaid is in none of them. */
const forms = [
  'stateDiagram-v2',
  `accTitle: ${words}`,
  `state "${words}" as ${id}`,
  `state ${id} [{]`,
  '[}]',
  `${id} : ${words}`,
  `[[][*][\\]] --> ${id}`,
  `${id} --> [[][*][\\]]`,
  `${id} --> ${id} : ${label}`,
  'classDef [a-z]+ [a-z-]+:[^\\s]+(?: \\d)?',
  `class ${id} [a-z]+`,
].map((form) => new RegExp(`^\\s*${form}$`))

const decoded = (text: string) => text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))

describe('a diagram in Mermaid', () => {
  it.each([
    ['the flower shop', ['order', 'withdrawal'].map((name) => diagramOf(florist, name))],
    ['the clinic', [diagramOf(clinic, 'visit')]],
    ['a strange process', [diagramOf(strange, 'state')]],
    ['both', [diagramOf(strange, 'state'), diagramOf(clinic, 'visit')]],
  ])('has only lines of the forms that Mermaid reads: %s', (_, diagrams) => {
    const lines = toMermaid(diagrams).trimEnd().split('\n')
    for (const line of lines)
      expect(
        forms.filter((form) => form.test(line)),
        line,
      ).not.toEqual([])
  })

  it('says all ways between two stages on one arrow', () => {
    const lines = toMermaid([diagramOf(florist, 'order')])
      .split('\n')
      .map((line) => line.trim())
    expect(lines.filter((line) => line.startsWith('order_AT_waiting --> order_AT_cancelled'))).toEqual([
      'order_AT_waiting --> order_AT_cancelled : after 14 days<br/>or moved by Florist or Manager',
    ])
    expect(lines).toContain('[*] --> order_AT_waiting')
    expect(lines).toContain('order_AT_delivered --> [*]')
    expect(lines).toContain('class order_AT_delivered success')
    expect(lines).toContain('class order_AT_arranging guarded')
  })

  it('draws several processes in one diagram, each in a state of its own', () => {
    const text = toMermaid([diagramOf(florist, 'order'), diagramOf(florist, 'withdrawal')])
    expect(text.match(/stateDiagram-v2/g)).toHaveLength(1)
    expect(text).toContain('state "Withdraw my consent" as withdrawal_ALL\n  state withdrawal_ALL {\n')
  })

  it('keeps what the author wrote, whatever signs it holds', () => {
    expect(decoded(toMermaid([diagramOf(strange, 'state')]))).toContain(`state "${signs}" as state_AT_note`)
  })
})
