import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ImapInput } from '../../../runtime/sandbox/imap-input.ts'
import { numberSet } from '../../../runtime/sandbox/imap-set.ts'

async function read(...chunks: string[]) {
  let asked = 0
  const input = new ImapInput(Readable.from(chunks.map((chunk) => Buffer.from(chunk, 'latin1'))))
  const command = await input.command(() => {
    asked += 1
  })
  return { command, asked }
}

describe('IMAP input', () => {
  it.each([
    ['a1 NOOP\r\n', { tag: 'a1', name: 'NOOP', arguments: [] }],
    ['a1 login "us\\"er" pass\r\n', { tag: 'a1', name: 'LOGIN', arguments: ['us"er', 'pass'] }],
    ['a1 uid fetch 1:* (UID FLAGS)\r\n', { tag: 'a1', name: 'UID FETCH', arguments: ['1:*', ['UID', 'FLAGS']] }],
    [
      'a1 FETCH 1 (BODY.PEEK[HEADER.FIELDS (To Cc)]<0.10> UID)\r\n',
      { tag: 'a1', name: 'FETCH', arguments: ['1', ['BODY.PEEK[HEADER.FIELDS (To Cc)]<0.10>', 'UID']] },
    ],
    ['a1 STATUS INBOX (MESSAGES\r\n', { tag: 'a1', name: '', arguments: [] }],
    ['a1 X )\r\n', { tag: 'a1', name: '', arguments: [] }],
    ['nothing\r\n', { tag: 'nothing', name: '', arguments: [] }],
    ['\r\n', { tag: '*', name: '', arguments: [] }],
  ])('reads %j', async (text, command) => {
    expect((await read(text)).command).toEqual(command)
  })

  it('reads literals, asking for those that wait', async () => {
    const { command, asked } = await read('a1 LOGIN {4}\r\n', 'us', 'er {4', '+}\r\np s)\r', '\n')
    expect(command).toEqual({ tag: 'a1', name: 'LOGIN', arguments: ['user', 'p s)'] })
    expect(asked).toBe(1)
  })

  it.each([
    ['a1 LOGIN {99999999}\r\n', 'literal too large'],
    ['x'.repeat(70_000), 'line too long'],
    ['a1 LOGIN \0 b\r\n', 'NUL in a line'],
  ])('ends at input past its limits: %#', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it('ends quietly when the client goes half-way', async () => {
    expect((await read('a1 LOGIN {10}\r\nabc')).command).toBeUndefined()
  })

  it('reads sets of numbers, with the largest as `*`', () => {
    const within = numberSet('2,4:5,9:*', 7)
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((number) => within?.(number))).toEqual([2, 4, 5, 7, 8, 9])
    expect(numberSet('1:', 7)).toBeUndefined()
    expect(numberSet('x', 7)).toBeUndefined()
  })
})
