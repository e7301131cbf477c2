import { describe, expect, it } from 'vitest'
import { seenAt, sightOf } from '../../../engine/report/visibility.ts'
import { readExample } from '../examples.ts'
import { read } from './shop.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

function sights(definition: typeof florist, name: string, language: 'en' | 'pl' = 'en') {
  const process = definition.processes[name]
  if (!process) throw new Error(`there is no process ${name}`)
  return sightOf({ definition, process }, language)
}

/** `edits sees - -` for each field of a group. */
const inShort = ({ groups }: ReturnType<typeof sights>) =>
  Object.fromEntries(
    groups.map(({ viewers, fields }) => [
      viewers.map(({ name }) => name).join(' '),
      Object.fromEntries(
        fields.map(({ field, stages }) => [
          field,
          stages.map(({ sees, consents }) => (sees === 'nothing' ? '-' : [sees, ...consents].join('+'))).join(' '),
        ]),
      ),
    ]),
  )

describe('who sees what', () => {
  it('is told by role, stage and field, with the consents that it needs', () => {
    expect(inShort(sights(florist, 'order'))).toEqual({
      'florist manager': {
        bouquet: 'edits sees sees sees',
        price: 'edits edits sees sees',
        paid: '- edits - -',
        address: 'edits sees - -',
        contact: 'edits - - -',
        allergy: '- sees+allergies - -',
      },
      client: {
        bouquet: '- - - -',
        price: '- - - -',
        paid: '- - - -',
        address: '- - - -',
        contact: '- - - -',
        allergy: '- - - -',
      },
    })
  })

  it('tells roles apart that a stage tells apart, and takes whichever consent brings a field into reach', () => {
    expect(inShort(sights(clinic, 'visit'))).toMatchObject({
      therapist: { notes: '- edits+treatment - - -', mail: 'sees - - - -' },
      reception: { notes: '- - - - -', mail: 'sees - - - -' },
    })
    const several = read(`role clerk "Clerk" { clients: see }
purpose a "A" { basis consent text "We." keep until end }
purpose b "B" { basis consent text "We." keep until end }
process p "P" {
  access clerk: see
  field x "X" text personal for a, b
  show x
  show x to client
  stage s "S" { move to t }
  final stage t "T"
}`)
    expect(inShort(sights(several, 'p'))).toEqual({ 'clerk client': { x: 'sees+a+b sees+a+b' } })
  })

  it('shows what a client is shown, and tells of their own answers', () => {
    const shop = read(`role clerk "Clerk" { clients: see }
form f "F" { starts p ask x required }
process p "P" {
  show in portal
  access clerk: see, edit
  field x "The x" text
  field y "The y" text
  show y to client
  edit x
  stage s "S" { move to t }
  final stage t "T"
}`)
    expect(inShort(sights(shop, 'p'))).toMatchObject({
      client: { x: '- -', y: 'sees sees' },
      clerk: { x: 'edits sees' },
    })
    expect(sights(shop, 'p').ownAnswers).toEqual(['The x'])
  })

  it('says titles in the language that is asked for, where the workspace has it', () => {
    expect(sights(florist, 'order', 'pl').stages.map(({ title }) => title)).toEqual([
      'Czekamy na klienta',
      'Układamy',
      'Dostarczone',
      'Anulowane',
    ])
    expect(sights(florist, 'order', 'pl').groups.at(-1)?.viewers).toEqual([{ name: 'client', title: 'Klient' }])
  })
})

describe('what may be seen at a stage by anybody', () => {
  it('is special, personal or nothing of the kind', () => {
    const order = sights(florist, 'order')
    expect(order.stages.map(({ name }) => seenAt(order, name))).toEqual([
      { special: [], personal: ['Delivery address', 'E-mail for this order'] },
      { special: ['Allergies'], personal: ['Delivery address'] },
      { special: [], personal: [] },
      { special: [], personal: [] },
    ])
  })
})
