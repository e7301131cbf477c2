import { describe, expect, it } from 'vitest'
import { registerInCsv } from '../../../engine/report/index.ts'
import { registerOf } from '../../../engine/report/register.ts'
import { readExample } from '../examples.ts'
import { read } from './shop.ts'

const florist = readExample('florist/text')

/** A reader of RFC 4180, written by its grammar. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  let row: string[] = []
  while (field.lastIndex < csv.length) {
    const found = field.exec(csv)
    if (!found) throw new Error('this is no CSV')
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

describe('the record of processing activities', () => {
  it('has a row for each purpose and each process that uses it', () => {
    const rows = registerOf(florist, 'en')
    expect(rows.map(({ purpose, process }) => [purpose, process])).toEqual([
      ['delivery', 'order'],
      ['allergies', 'order'],
      ['offers', 'order'],
    ])
    expect(rows[0]).toMatchObject({
      controller:
        "Anna's Flowers sp. z o.o., ul. Kwiatowa 1, 00-001 Warszawa, privacy@flowers.example, +48 22 000 00 00",
      officer: 'Jan Nowak, iod@flowers.example',
      purposes: 'Deliver your order',
      basis: 'contract, Art. 6(1)(b)',
      people: 'clients',
      data: ['Delivery address', 'E-mail for this order'],
      special: [],
      recipients: ['Courier Kurier sp. z o.o.'],
      thirdCountries: 'none declared',
      limits: [
        '90 days after the case ends',
        'Delivery address and E-mail for this order: 30 days after “Delivered”',
        'Delivery address and E-mail for this order: erased at “Cancelled”',
      ],
    })
    expect(rows[1]).toMatchObject({
      data: [],
      special: ['Allergies'],
      basis: 'explicit consent, Art. 6(1)(a), 9(2)(a)',
    })
  })

  it('is said in Polish too, with lengths of time as Polish counts', () => {
    const [delivery, , offers] = registerOf(florist, 'pl')
    expect(delivery).toMatchObject({
      purposes: 'Dostarczenie zamówienia',
      people: 'klienci',
      thirdCountries: 'nie zadeklarowano',
      limits: ['90 dni po zakończeniu sprawy', expect.stringContaining('30 dni po „Dostarczone”'), expect.any(String)],
    })
    expect(offers?.limits).toEqual(['2 lata od udzielenia zgody'])
  })

  it('names those whom data are called out to, and keeps a purpose that nothing uses', () => {
    const shop = read(`role clerk "Clerk" { clients: see }
webhook carrier { url "https://carrier.example/in" }
purpose delivery "Deliver" { basis contract text "We bring it." keep until end }
purpose unused "Unused" { basis consent text "We." }
process p "P" {
  access clerk: see, edit
  field address "Address" text personal for delivery
  field other "Other" text
  edit address, other
  after 2 days { erase address }
  stage s "S" { on enter { call carrier with address } move to t }
  final stage t "T" { on enter { erase client } }
}`)
    const [delivery, unused] = registerOf(shop, 'en')
    expect(delivery).toMatchObject({
      controller: 'not declared',
      recipients: ['carrier.example'],
      limits: ['until the case ends', 'the client is erased whole at “T”', 'Address: erased at any stage'],
    })
    expect(unused).toMatchObject({ processTitle: 'no process uses it', data: [], limits: [] })
    expect(unused).not.toHaveProperty('process')
  })
})

describe('the record as CSV', () => {
  it('says all of every row, as RFC 4180 has it', () => {
    const rows = registerOf(florist, 'en')
    const [heads, ...read] = rowsOf(registerInCsv(rows, 'en'))
    expect(heads).toHaveLength(13)
    expect(heads?.slice(0, 2)).toEqual(['Process', '(b) Purpose'])
    expect(read).toHaveLength(rows.length)
    expect(read.every((row) => row.length === heads?.length)).toBe(true)
    expect(read[0]?.[heads?.indexOf('(c) Categories of data') ?? -1]).toBe('Delivery address; E-mail for this order')
  })

  it('keeps quotes, commas and line breaks', () => {
    const [first] = registerOf(florist, 'en')
    if (!first) throw new Error('there is no row')
    const text = 'We say "yes",\nand\r\nmean it'
    expect(rowsOf(registerInCsv([{ ...first, text }], 'en'))[1]?.[2]).toBe(text)
  })
})
