import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/index.ts'
import type { Definition } from '../../../engine/index.ts'
import { bruteForce } from './brute-force.ts'
import { differences } from './cross-check.ts'
import { nameAt } from './names.ts'
import { type Net, nets, workspaceOfNet } from './nets.ts'
import { findingsOf } from './verifier.ts'

function read(net: Net): Definition {
  const { definition, problems } = readWorkspace([{ name: 'net.zgoda', text: workspaceOfNet(net) }])
  if (!definition) throw new Error(problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return definition
}

/** Code and place, once each; where rules go round without end the code says all. */
function inShort(told: readonly { readonly code: string; readonly at: string }[]): readonly string[] {
  return [...new Set(told.map(({ code, at }) => (code === 'Z304' ? code : `${code} ${at}`)))].sort()
}

const cases = nets.map((net) => [net.pattern, net] as const)

describe('nets with an answer known from the literature', () => {
  it.each(cases)('%s: running every case shows it', (_, net) => {
    expect(inShort(bruteForce(read(net), 'net')?.told ?? [])).toEqual([...net.wrong].sort())
  })

  it.each(cases)('%s: the verifier tells it', (_, net) => {
    const definition = read(net)
    const found = findingsOf(definition, 'net').map(({ code, at }) => ({
      code,
      at: nameAt(definition, 'net', at) ?? '',
    }))
    const codes = (told: readonly string[]) => [...new Set(told.map((each) => each.split(' ')[0]))]
    expect(codes(inShort(found))).toEqual(codes([...net.wrong].sort()))
    const answer = bruteForce(definition, 'net')
    expect(answer && differences(definition, 'net', answer)).toEqual([])
  })
})
