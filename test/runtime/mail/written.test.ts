import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type Facts, judge } from '../../../runtime/mail/judge.ts'
import { parse } from '../../../runtime/mail/parse.ts'

interface Written {
  readonly title: string
  readonly class: string
  readonly lines?: readonly string[]
  readonly message: string
}

const read = (file: string): Written[] =>
  parseYaml(readFileSync(new URL(`written/${file}.yaml`, import.meta.url), 'utf8'))

const raw = ({ message }: Written) => Buffer.from(message.replaceAll('\n', '\r\n'))

/** As if all else held: a letter of ours is answered by its client, whose sender is proved. */
async function allHolds(message: Written): Promise<Facts> {
  const incoming = await parse(raw(message))
  const addresses = incoming.malformed ? [] : incoming.from.map(({ address }) => address)
  const proof = { passes: true, why: { code: 'dkim' }, because: '' } as const
  const reference = { caseId: '0190f3a2-7c1b-7def-8123-456789abcdef', seq: 3 }
  return { reference, forgedReference: false, letter: { name: 'ask', addresses }, authentication: proof }
}

const replies = read('replies')
const machines = read('machines')

describe('a message that a person wrote', () => {
  it.each(replies)('in the form of $title is $class', async (message) => {
    const verdict = judge(await parse(raw(message)), { forgedReference: false })
    expect(verdict.class, verdict.because).toBe(message.class)
    if (message.lines) expect(verdict.lines).toEqual(message.lines)
  })

  it('counts where all else holds', async () => {
    for (const message of replies.filter(({ class: kind }) => kind === 'reply')) {
      const verdict = judge(await parse(raw(message)), await allHolds(message))
      expect(verdict.counts, `${message.title}: ${verdict.because}`).toBe(true)
    }
  })
})

describe('a message that a machine sent', () => {
  it.each(machines)('in the form of $title is $class, and never counts', async (message) => {
    const verdict = judge(await parse(raw(message)), { forgedReference: false })
    expect(verdict.class, verdict.because).toBe(message.class)
    expect(judge(await parse(raw(message)), await allHolds(message)).counts).toBe(false)
  })
})
