import { letterPlace } from '../../runtime/cases/postman.ts'
import { pseudonymOf } from '../../runtime/cases/pseudonym.ts'
import { type CardField, lookupsOf } from '../../runtime/clients/lookups.ts'
import { newId } from '../../runtime/ids.ts'
import { card, type Holder, type Vault } from '../../runtime/vault/vault.ts'
import { emailOf, nameOf, phoneOf } from './people.ts'
import { type Row, type Specimen, type Specimens, specimenEmail, specimenName, tables } from './specimen.ts'

export type Lines = Record<(typeof tables)[number], string[]>

export function emptyLines(): Lines {
  return Object.fromEntries(tables.map((table) => [table, [] as string[]])) as Lines
}

/** A tenth of all cases is being packed and a tenth shipped; the others are done. */
function stageOf(index: number): keyof Specimens {
  return index % 10 === 0 ? 'packing' : index % 10 === 5 ? 'shipping' : 'done'
}

interface Copy {
  readonly specimen: Specimen
  readonly index: number
  readonly at: string
  readonly caseId: string
  readonly clientId: string
  readonly holder: Holder
  readonly wrapped: Buffer
}

/** Makes a case and its client after a specimen, sealed under a key of the client's own and found by lookups of their own. */
export class Copier {
  readonly #vault: Vault
  readonly #specimens: Specimens
  readonly #letters: ReadonlyMap<Specimen, readonly string[]>
  /** Many people share a name. */
  readonly #hashes = new Map<string, readonly string[]>()

  constructor(vault: Vault, specimens: Specimens) {
    this.#vault = vault
    this.#specimens = specimens
    this.#letters = new Map(Object.values(specimens).map((specimen) => [specimen, this.#lettersOf(specimen)]))
  }

  /** Adds the rows of one more case, begun at that time. */
  add(lines: Lines, index: number, time: number): void {
    const clientId = newId(time)
    const { key, wrapped } = this.#vault.newKey(clientId)
    const holder = { clientId, key, consents: {} }
    const specimen = this.#specimens[stageOf(index)]
    const at = new Date(time).toISOString()
    const copy = { specimen, index, at, caseId: newId(time), clientId, holder, wrapped }
    for (const table of tables) {
      if (table === 'vault.lookups') lines[table].push(...this.#lookups(copy))
      else
        lines[table].push(
          ...specimen.rows[table].map((row, nth) =>
            line(Object.entries(row).map(([column, value]) => this.#value(copy, table, row, { column, value, nth }))),
          ),
        )
    }
  }

  #value(
    copy: Copy,
    table: (typeof tables)[number],
    row: Row,
    { column, value, nth }: { readonly column: string; readonly value: string | null; readonly nth: number },
  ): string | null {
    if (value === null) return null
    if (column === 'case_id') return value === card ? value : copy.caseId
    if (column === 'client_id') return copy.clientId
    if (column === 'pseudonym') return pseudonymOf(copy.clientId)
    if (column === 'number') return String(copy.index + 10)
    if (column === 'at' || column.endsWith('_at')) return copy.at
    if (column === 'wrapped') return bytes(copy.wrapped)
    if (column !== 'sealed') return value
    return bytes(table === 'vault.letters' ? this.#letter(copy, row, nth) : this.#personal(copy, row))
  }

  #personal({ holder, index, caseId }: Copy, row: Row): Buffer {
    const field = row.field as string
    const value = field === 'name' ? nameOf(index) : field === 'phone' ? phoneOf(index) : emailOf(index)
    return this.#vault.sealValue(holder, row.case_id === card ? card : caseId, field, value)
  }

  #letter({ specimen, holder, index, caseId, clientId }: Copy, row: Row, nth: number): Buffer {
    const letters = this.#letters.get(specimen) as readonly string[]
    const text = (letters[nth] as string)
      .replaceAll(specimenEmail, emailOf(index))
      .replaceAll(specimenName, nameOf(index))
      .replaceAll(specimen.caseId, caseId)
      .replaceAll(specimen.clientId, clientId)
    return this.#vault.sealRecord(holder, letterPlace(caseId, Number(row.seq)), JSON.parse(text) as object)
  }

  #lookups({ clientId, index }: Copy): string[] {
    const values: readonly (readonly [CardField, string])[] = [
      ['name', nameOf(index)],
      ['email', emailOf(index)],
      ['phone', phoneOf(index)],
    ]
    return values.flatMap(([field, value]) =>
      this.#hashesOf(field, value).map((hash) =>
        line(lookupColumns.map((column) => ({ client_id: clientId, field, hash })[column] ?? null)),
      ),
    )
  }

  #hashesOf(field: CardField, value: string): readonly string[] {
    const known = this.#hashes.get(value)
    if (known) return known
    const hashes = lookupsOf(field, value, this.#vault.master).map(bytes)
    if (field === 'name') this.#hashes.set(value, hashes)
    return hashes
  }

  /** The words of its letters, opened. */
  #lettersOf({ caseId, clientId, rows }: Specimen): readonly string[] {
    const wrapped = Buffer.from(((rows['vault.keys'][0] as Row).wrapped as string).slice(2), 'hex')
    const holder = this.#vault.holder(clientId, wrapped, {})
    return rows['vault.letters'].map(({ seq, sealed }) => {
      const place = letterPlace(caseId, Number(seq))
      return JSON.stringify(this.#vault.openRecord(holder, place, Buffer.from((sealed as string).slice(2), 'hex')))
    })
  }
}

const lookupColumns = ['client_id', 'field', 'hash'] as const

export function columnsOf({ done }: Specimens, table: (typeof tables)[number]): readonly string[] {
  return table === 'vault.lookups' ? lookupColumns : Object.keys(done.rows[table][0] as Row)
}

function bytes(buffer: Buffer): string {
  return `\\x${buffer.toString('hex')}`
}

/** COPY's text format. */
function line(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? '\\N' : escaped(value))).join('\t')
}

function escaped(value: string): string {
  if (!/[\\\n\r\t]/.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}
