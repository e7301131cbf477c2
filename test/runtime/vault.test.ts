import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import type { Definition } from '../../engine/definition.ts'
import { lookupsOf, searchHashes } from '../../runtime/clients/lookups.ts'
import { masterKey } from '../../runtime/vault/master-key.ts'
import { card, type Holder, OutOfReach, type SealedValue, Vault } from '../../runtime/vault/vault.ts'
import { clinic } from '../engine/clinic.ts'

const client = '01a20ad7-47ab-7e9d-9d5c-c0f7109ee3ab'
const visit = '01a20ad7-47db-7e9e-8e2c-94734fd8b5c5'
const key = 'e'.repeat(64)
const definition: Definition = clinic

function filled(consents: Holder['consents']): { vault: Vault; holder: Holder; row: SealedValue } {
  const vault = new Vault(masterKey(key))
  const holder = vault.holder(client, vault.newKey(client).wrapped, consents)
  const sealed = vault.sealValue(holder, visit, 'notes', 'a stiff shoulder')
  return { vault, holder, row: { caseId: visit, field: 'notes', purposes: ['treatment'], sealed } }
}

describe('a client’s key', () => {
  it('is remembered for a minute at most, and not once the client is erased or something was missed', () => {
    vi.useFakeTimers()
    const vault = new Vault(masterKey(key))
    const remember = (id: string) => vault.holder(id, vault.newKey(id).wrapped, {})
    for (const id of ['a', 'b']) remember(id)
    vi.advanceTimersByTime(59_999)
    expect(vault.remembered).toBe(2)
    vi.advanceTimersByTime(1)
    expect(vault.remembered).toBe(0)
    for (const id of ['a', 'b', 'c']) remember(id)
    vault.forget('a')
    expect(vault.remembered).toBe(2)
    vault.forgetAll()
    expect(vault.remembered).toBe(0)
    vi.useRealTimers()
  })

  it('keeps no more in memory than itself, whatever large buffer its wrapped form was a part of', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const vault = new Vault(masterKey(key))
    collect()
    const before = process.memoryUsage().arrayBuffers
    for (let count = 0; count < 500; count += 1) {
      const part = Buffer.alloc(100_000).subarray(0, 60)
      vault.newKey(`client ${count}`).wrapped.copy(part)
      vault.holder(`client ${count}`, part, {})
    }
    collect()
    expect(vault.remembered).toBe(500)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
    vault.forgetAll()
  })

  it('is of no use, remembered or not, to whoever does not bring its wrapped form', () => {
    const vault = new Vault(masterKey(key))
    vault.holder(client, vault.newKey(client).wrapped, {})
    expect(() => vault.holder(client, Buffer.alloc(0), {})).toThrow()
  })
})

describe('the vault', () => {
  it('gives a value for a purpose whose consent is given', () => {
    const { vault, holder, row } = filled({ treatment: 'given' })
    expect(vault.read(holder, row, 'treatment', definition)).toBe('a stiff shoulder')
  })

  it.each(['none', 'refused', 'withdrawn', 'expired'] as const)('refuses it while the consent is %s', (status) => {
    const { vault, holder, row } = filled({ treatment: status })
    expect(() => vault.read(holder, row, 'treatment', definition)).toThrow(OutOfReach)
  })

  it('refuses it for a purpose it is not held for, valid as that may be', () => {
    const { vault, holder, row } = filled({ treatment: 'given' })
    expect(() => vault.read(holder, row, 'booking', definition)).toThrow(/not held for/)
  })

  it('does not take a value of a case for one of the card', () => {
    const { vault, holder, row } = filled({ treatment: 'given' })
    expect(() => vault.readCard(holder, row)).toThrow(OutOfReach)
    expect(() => vault.readCard(holder, { ...row, caseId: card, field: 'name' })).toThrow()
  })

  it('opens nothing that was moved to another row, changed, or sealed under another client’s key', () => {
    const { vault, holder, row } = filled({ treatment: 'given' })
    const moved = { ...row, caseId: '01a20ad7-4842-7c2a-8980-8c34ac1c4135' }
    expect(() => vault.read(holder, moved, 'treatment', definition)).toThrow()
    const bent = Buffer.from(row.sealed)
    bent[bent.length - 1] = (bent.at(-1) as number) ^ 1
    expect(() => vault.read(holder, { ...row, sealed: bent }, 'treatment', definition)).toThrow()
    const other = vault.holder(client, vault.newKey(client).wrapped, holder.consents)
    expect(() => vault.read(other, row, 'treatment', definition)).toThrow()
  })

  it('unwraps no client’s key with another master key', () => {
    const { wrapped } = new Vault(masterKey(key)).newKey(client)
    expect(() => new Vault(masterKey('f'.repeat(64))).holder(client, wrapped, {})).toThrow()
  })

  it('seals the same value differently each time', () => {
    const { vault, holder, row } = filled({})
    expect(vault.sealValue(holder, visit, 'notes', 'a stiff shoulder').equals(row.sealed)).toBe(false)
  })
})

describe('a master key', () => {
  it('is read in hexadecimal and in base64 alike', () => {
    const hex = masterKey(key)
    const base64 = masterKey(Buffer.from(key, 'hex').toString('base64'))
    expect(base64.letters.equals(hex.letters)).toBe(true)
  })

  it.each(['', 'short', 'x'.repeat(64), 'a'.repeat(62)])(
    'of the wrong form is refused with how to make one: “%s”',
    (text) => {
      expect(() => masterKey(text)).toThrow(/32 bytes.*openssl rand -hex 32/)
    },
  )
})

describe('look-ups by keyed hashes', () => {
  const master = masterKey(key)
  const finds = (query: string, field: 'name' | 'email' | 'phone', value: string) => {
    const held = lookupsOf(field, value, master).map((hash) => hash.toString('hex'))
    const asked = searchHashes(query, master).map((hash) => hash.toString('hex'))
    return asked.length > 0 && asked.every((hash) => held.includes(hash))
  }

  it.each([
    ['anna', 'name', 'Anna Nowak'],
    ['now', 'name', 'Anna Nowak'],
    ['zolc', 'name', 'Żółć'],
    ['Nowak Anna', 'name', 'Anna Nowak'],
    ['ANNA@client.example', 'email', 'anna@Client.example'],
    ['600 111 777', 'phone', '+48 600-111-777'],
  ] as const)('find by “%s” the %s “%s”', (query, field, value) => {
    expect(finds(query, field, value)).toBe(true)
  })

  it.each([
    ['an', 'name', 'Anna Nowak'],
    ['anna kowal', 'name', 'Anna Nowak'],
    ['anna@client', 'email', 'anna@client.example'],
  ] as const)('do not find by “%s” the %s “%s”', (query, field, value) => {
    expect(finds(query, field, value)).toBe(false)
  })
})
