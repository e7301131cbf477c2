import { describe, expect, it } from 'vitest'
import { fuzzCsv } from '../../../bench/torture/csv.ts'
import { Random } from '../../../bench/torture/random.ts'
import { CsvReader, most, UnreadableTable } from '../../../runtime/csv/read.ts'
import { csvLine, withoutGuard } from '../../../runtime/csv/write.ts'

function read(...pieces: readonly string[]): { line: number; cells: readonly string[] }[] {
  const reader = new CsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

const cellsOf = (...pieces: readonly string[]) => read(...pieces).map(({ cells }) => cells)

describe('a CSV file', () => {
  it('is parted by commas, semicolons or tabs, whichever part its first line', () => {
    for (const delimiter of [',', ';', '\t']) {
      expect(cellsOf(`a${delimiter}b\n1${delimiter}2\n`)).toEqual([
        ['a', 'b'],
        ['1', '2'],
      ])
    }
    expect(cellsOf('"Name, first";mail\nAnna;a,b')).toEqual([
      ['Name, first', 'mail'],
      ['Anna', 'a,b'],
    ])
    expect(cellsOf('one\na,b')).toEqual([['one'], ['a', 'b']])
  })

  it('has lines that end in any way, the last one or none, and blank ones that count for nothing', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(read(`a,b${end}${end}1,2${end}3,${end}${end}`)).toEqual([
        { line: 1, cells: ['a', 'b'] },
        { line: 3, cells: ['1', '2'] },
        { line: 4, cells: ['3', ''] },
      ])
    }
    expect(cellsOf('a,b\n1,')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ])
    expect(cellsOf('a\n""\n\nb')).toEqual([['a'], [''], ['b']])
    expect(cellsOf('')).toEqual([])
  })

  it('has quoted cells with whatever in them, and says on which line a record begins', () => {
    expect(read('a,b\r\n"x ""y"", z\r\nsecond\rthird","1"\r\n5" pipe,2')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x "y", z\r\nsecond\rthird', '1'] },
      { line: 5, cells: ['5" pipe', '2'] },
    ])
  })

  it('is told for broken with the line, and quotes nothing of it', () => {
    const broken: readonly (readonly [string, RegExp])[] = [
      ['a,b\n1,"secret', /^line 2: the quote that opens in this record is never closed$/],
      ['a,b\n\n"secret"x,1', /^line 3: something follows a closing quote/],
      ['a,b\n1,secret\0', /^line 2: it holds a NUL character/],
      ['a,b\n1,"secret\0"', /^line 2: it holds a NUL character/],
      ['\0', /^line 1: it holds a NUL character/],
      [`a,b\n1,"${'secret'.repeat(most.record)}`, /^line 2: it has more than \d+ characters: is a quote never closed/],
      [`a,b\n1,${'secret'.repeat(most.record)}`, /^line 2: it has more than \d+ characters$/],
      ['secret'.repeat(most.record), /^line 1: it has more than \d+ characters$/],
      [','.repeat(1_000_000), /^line 1: it has more than 500 columns$/],
      [`a,b\n${','.repeat(1_000_000)}`, /^line 2: it has more than 500 columns$/],
    ]
    for (const [text, message] of broken) {
      expect(() => read(text)).toThrow(UnreadableTable)
      expect(() => read(text)).toThrow(message)
      expect(() => read(...text.slice(0, 2_000).split('').concat(text.slice(2_000)))).toThrow(message)
      expect(() => read(text)).not.toThrow(/secret/)
    }
  })

  it('says the same in whatever pieces it comes, and gives back what was written', () => {
    const random = new Random(20260525)
    const parts = ['a', 'ż', '"', ',', ';', '\t', '\r', '\n', '=', "'", ' ', '🌷']
    for (let round = 0; round < 2_000; round += 1) {
      const cell = () => Array.from({ length: random.below(6) }, () => random.of(parts)).join('')
      const table = Array.from({ length: 1 + random.below(4) }, () => ['x', cell(), cell()])
      const text = `a,b,c\r\n${table.map(csvLine).join('')}`
      const at = random.below(text.length)
      const again = cellsOf(text.slice(0, at), text.slice(at)).map((cells) => cells.map(withoutGuard))
      expect({ round, again }).toEqual({ round, again: [['a', 'b', 'c'], ...table] })
    }
  })

  it('of any kind, sound or spoilt, ends in records or in a problem at a line', () => {
    expect(fuzzCsv(5_000, 7).failures).toEqual([])
  })
})

describe('a cell that is written', () => {
  it('is guarded where a spreadsheet would take it for a formula, and its guard comes off', () => {
    for (const cell of ['=1+1', '+48 600', '-5', '@SUM(A1)', '\t=1', '\r=1', "'=1", "''-1"]) {
      expect(csvLine([cell])).toMatch(/^"?'/)
      expect(withoutGuard(`'${cell}`)).toBe(cell)
    }
    for (const cell of ["'tis", '5=5', 'a', ''])
      expect([csvLine([cell]), withoutGuard(cell)]).toEqual([`${cell}\r\n`, cell])
  })
})
