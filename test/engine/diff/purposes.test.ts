import { describe, expect, it } from 'vitest'
import { askedAgain, diff } from '../../../engine/diff/index.ts'
import type { Definition, Field, Purpose } from '../../../engine/index.ts'
import { fieldOf, named, processOf, purposeOf, stageOf, workspaceOf } from '../declarations.ts'

const offers = purposeOf('offers', 'consent', {
  text: { en: 'We write to you.' },
  keep: { after: 'given', for: { amount: 2, unit: 'year', working: false } },
  recipients: ['Post'],
})
const address = fieldOf('address', 'text', { personal: ['offers'] })

function shop(purpose: Partial<Purpose> = {}, ...fields: readonly Field[]): Definition {
  const process = processOf('order', [stageOf('open', { final: true, success: true })], {
    fields: named(...(fields.length > 0 ? fields : [address])),
  })
  return workspaceOf(process, { purposes: named({ ...offers, ...purpose }) })
}

const duration = (amount: number, unit: 'month' | 'year') => ({ amount, unit, working: false }) as const

const again: readonly (readonly [string, Definition, string])[] = [
  ['its text is another', shop({ text: { en: 'We write and ring.' } }), 'its text is new'],
  ['its title is another', shop({ title: { en: 'Ring you' } }), 'its title is new'],
  ['data go to somebody else', shop({ recipients: ['Post', 'Printer'] }), 'data go to Printer'],
  [
    'data are kept longer',
    shop({ keep: { after: 'given', for: duration(25, 'month') } }),
    'data are kept longer, or otherwise',
  ],
  [
    'it takes more',
    shop({}, address, fieldOf('phone', 'phone', { personal: ['offers'] })),
    'it takes field `order.phone`',
  ],
  ['what it takes is special now', shop({}, { ...address, special: true }), 'field `order.address` is special now'],
  ['it needs the client’s own statement', shop({ basis: 'explicit consent' }), 'it now rests on explicit consent'],
]

describe('clients must be asked again for a purpose', () => {
  it.each(again)('where %s, and its version has to say so', (_, after, because) => {
    expect(askedAgain(shop(), after)).toEqual([{ purpose: 'offers', because: [because], raised: false }])
    const notes = diff(shop(), after).flatMap((each) => (each.what === 'purpose' ? (each.notes ?? []) : []))
    expect(notes).toEqual([`clients must be asked again: ${because}; raise its version to 2`])
  })

  it('and are, where the version was raised', () => {
    const after = shop({ text: { en: 'We ring.' }, version: 2 })
    expect(askedAgain(shop(), after)).toEqual([{ purpose: 'offers', because: ['its text is new'], raised: true }])
    expect(diff(shop(), after)).toMatchObject([
      { aspect: 'text', notes: ['clients are asked again: its text is new'] },
      { aspect: 'version', before: '1', after: '2' },
    ])
  })

  it('and are, where only the version was raised', () => {
    expect(askedAgain(shop(), shop({ version: 2 }))).toEqual([{ purpose: 'offers', because: [], raised: true }])
  })
})

describe('nobody is asked again', () => {
  it.each([
    ['where data go to fewer', shop({ recipients: [] })],
    ['where data are kept less long', shop({ keep: { after: 'given', for: duration(23, 'month') } })],
    ['where data are kept as long, in other words', shop({ keep: { after: 'given', for: duration(24, 'month') } })],
    ['where a language is new', shop({ text: { en: 'We write to you.', pl: 'Piszemy do ciebie.' } })],
    ['where it takes less', shop({}, { ...address, personal: [] })],
  ])('%s', (_, after) => {
    expect(askedAgain(shop(), after)).toEqual([])
  })

  it('where the purpose does not rest on consent, but clients are told', () => {
    const [before, after] = [shop({ basis: 'contract' }), shop({ basis: 'contract', text: { en: 'We ring.' } })]
    expect(askedAgain(before, after)).toEqual([])
    expect(diff(before, after)).toMatchObject([
      { aspect: 'text', notes: ['it rests on contract, so nobody is asked; clients are told (Art. 13(3))'] },
    ])
  })
})
