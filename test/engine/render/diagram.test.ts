import { describe, expect, it } from 'vitest'
import { compile, type Definition } from '../../../engine/index.ts'
import { describe as inSentences } from '../../../engine/render/description.ts'
import { type Diagram, diagramOf } from '../../../engine/render/diagram.ts'
import { inLines } from '../../../engine/render/lines.ts'
import { processOf, rule, stageOf, workspaceOf } from '../declarations.ts'
import { readExample } from '../examples.ts'
import { strange } from './strange.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

const ways = (diagram: Diagram) =>
  diagram.ways.map(({ from, to, by, words }) => `${from ?? '*'} → ${to} (${by}): ${words.join(' / ')}`)

describe('the diagram of a process', () => {
  it('tells every way a case can move in plain words', () => {
    expect(ways(diagramOf(florist, 'order'))).toEqual([
      'waiting → arranging (itself): when consent to allergies is given or refused',
      'waiting → cancelled (itself): after 14 days',
      'waiting → cancelled (person): moved by Florist or Manager',
      'arranging → delivered (person): moved by Florist, if paid and price > 0',
      'arranging → cancelled (person): moved by Manager',
    ])
  })

  it('tells what a missing consent does, and which act of the client gives it', () => {
    expect(ways(diagramOf(clinic, 'visit'))).toEqual([
      'booked → in_treatment (client): client replies “I consent to the processing of my health data”: consent to treatment given',
      'booked → closed (itself): after 10 working days',
      'booked → closed (person): moved by Therapist or Reception',
      'in_treatment → treated (person): moved by Therapist, if notes is filled',
      'in_treatment → stopped (lack): without consent to treatment',
    ])
  })

  it('marks the first stage, ends, and stages that no person may move a case into', () => {
    const { stages } = diagramOf(florist, 'order')
    expect(stages.map(({ name, first, end, guarded }) => ({ name, first, end, guarded }))).toEqual([
      { name: 'waiting', first: true, end: undefined, guarded: false },
      { name: 'arranging', first: false, end: undefined, guarded: true },
      { name: 'delivered', first: false, end: 'success', guarded: false },
      { name: 'cancelled', first: false, end: 'other', guarded: false },
    ])
  })

  it('notes in a stage what it needs and requires, and the consents its rules record', () => {
    const notes = Object.fromEntries(diagramOf(florist, 'order').stages.map((stage) => [stage.name, stage.notes]))
    expect(notes.waiting).toEqual([
      'client replies “I agree” or “zgadzam się”: consent to allergies given',
      'client replies “no” or “nie”: consent to allergies refused',
    ])
    expect(notes.arranging).toEqual(['no person may move a case in', 'to be filled in: Price'])
    expect(diagramOf(clinic, 'visit').stages[1]?.notes).toContain('needs consent to treatment')
  })

  it('draws rules of the process and free moves once, from a box that stands for every stage', () => {
    const { anywhere, ways: all } = diagramOf(strange, 'state')
    expect(anywhere?.title).toBe('At any stage before the end')
    expect(anywhere?.notes[0]).toBe('client replies “yes”: consent to care given')
    expect(anywhere?.notes[1]).toMatch(/^Clerk or Boss may move a case to any stage but Zażółć/)
    const fromAnywhere = all.filter((way) => way.from === undefined)
    expect(fromAnywhere.map(({ to, by, words }) => ({ to, by, words }))).toEqual([
      { to: 'stopped', by: 'client', words: ['client withdraws consent to care'] },
      { to: 'stopped', by: 'itself', words: ['signal stop comes in', 'after 1 year'] },
    ])
    expect(diagramOf(florist, 'order').anywhere).toBeUndefined()
  })

  it('puts together what one mover does between two stages, and keeps movers apart', () => {
    const { ways: all } = diagramOf(strange, 'state')
    const toEnd = all.filter((way) => way.from === 'note' && way.to === 'end')
    expect(toEnd.map((way) => way.by).toSorted()).toEqual(['client', 'itself', 'person'])
    expect(toEnd.find((way) => way.by === 'client')?.words).toEqual([
      'client fills in “Book "now"”',
      'client replies',
      'client gives consent to care, if consent to care is given',
    ])
  })

  it('holds no control characters and no line breaks', () => {
    const title = { en: 'One\u0000two\n\tthree\u202efour\ud800' }
    const stage = stageOf('new', { title, rules: [rule('new.reply.1', { kind: 'reply', saying: ['a\u001bb'] })] })
    const words = JSON.stringify(diagramOf(workspaceOf(processOf('p', [stage], { title })), 'p'))
    expect(words).toContain('One\ufffdtwo three\ufffdfour\ufffd')
    expect(words).not.toMatch(/\\u|[\p{Cc}\p{Cf}\p{Cs}]/u)
  })

  it('is not to be had of a process that nobody declared', () => {
    expect(() => diagramOf(florist, 'constructor')).toThrow('the workspace has no process `constructor`')
  })

  it.each<[string, Definition]>([
    ['order', florist],
    ['withdrawal', florist],
    ['visit', clinic],
    ['state', strange],
  ])('has the same ways as the machine that runs `%s`', (process, definition) => {
    expect(drawnPairs(diagramOf(definition, process), definition, process)).toEqual(runPairs(definition, process))
  })
})

/** Every pair of stages between which the compiled machine may go; the choice before a stage (`STAGE?`) counts as the stage. */
function runPairs(definition: Definition, process: string): string[] {
  const states = Object.entries(compile(definition, process).plan.states).filter(([name]) => name !== 'start?')
  const pairs = states.flatMap(([name, { on = {}, always = [] }]) =>
    [...Object.values(on).flat(), ...always].flatMap(({ target }) =>
      target === undefined || name === `${target}?` ? [] : [`${name.replace('?', '')} ${target.replace('?', '')}`],
    ),
  )
  return [...new Set(pairs)].toSorted()
}

function drawnPairs({ stages, ways }: Diagram, definition: Definition, process: string): string[] {
  const open = stages.filter(({ end }) => end === undefined).map(({ name }) => name)
  const drawn = ways.flatMap(({ from, to }) => (from === undefined ? open : [from]).map((start) => `${start} ${to}`))
  const free = definition.processes[process]?.moves === 'free' ? stages.filter(({ guarded }) => !guarded) : []
  const freely = open.flatMap((from) => free.flatMap(({ name }) => (name === from ? [] : [`${from} ${name}`])))
  return [...new Set([...drawn, ...freely])].toSorted()
}

describe('the diagram in sentences', () => {
  it('says all that the picture shows', () => {
    expect(inSentences(diagramOf(clinic, 'visit'))).toBe(
      'A case starts in Waiting for written consent. ' +
        'In treatment: no person may move a case in; needs consent to treatment. ' +
        'From Waiting for written consent to In treatment: client replies “I consent to the processing of my health data”: ' +
        'consent to treatment given. ' +
        'From Waiting for written consent to Closed: after 10 working days. ' +
        'From Waiting for written consent to Closed: moved by Therapist or Reception. ' +
        'From In treatment to Treated: moved by Therapist, if notes is filled. ' +
        'From In treatment to Stopped by the client: without consent to treatment. ' +
        'Ends that render the service: Treated. Other ends: Stopped by the client, Closed.',
    )
  })
})

describe('a long label', () => {
  it('is broken between words, and inside a word that is longer than a line', () => {
    expect(inLines('when consent to allergies is given', 14)).toEqual(['when consent', 'to allergies', 'is given'])
    expect(inLines('a Donaudampfschiff b', 8)).toEqual(['a', 'Donaudam', 'pfschiff', 'b'])
    expect(inLines('', 8)).toEqual([''])
  })
})
